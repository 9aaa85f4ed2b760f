"""A rule that scripts/new_rule.py begins is found at once, and fails its tests until it is filled in."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command.conftest import Command
from tests.plugins.conftest import ROOT, Beside, installed

OURS = """\
import sys
import mllint.rules
mllint.rules.__path__ = [sys.argv.pop(1)]
from mllint.cli import main
main()
"""
"""The command, with the rules of another directory for mllint's own."""
PROGRAM = """\
from tensorflow import keras

model = keras.Sequential([keras.layers.Dense(1, activation="softmax")])
model.compile(optimizer="adam", loss="mse")
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the script needs of this repository."""
    for name in ("scripts", "rules"):
        shutil.copytree(ROOT / name, tmp_path / "checkout" / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "checkout"


def begin(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    script = [sys.executable, str(checkout / "scripts" / "new_rule.py"), *arguments]
    return subprocess.run(script, capture_output=True, text=True, check=False, cwd=checkout)


def test_a_rule_of_our_own(checkout: Path) -> None:
    done = begin(checkout, "two-heads-one-loss", "--family", "head-loss")
    assert done.returncode == 0, done.stderr
    command = Command(checkout)
    page = command(str(checkout / "rules"), "rule", "two-heads-one-loss", program=OURS).stdout
    assert page.startswith("# two-heads-one-loss (MLL1")
    tested = command(str(checkout / "rules"), "test", "two-heads-one-loss", program=OURS)
    assert tested.exit_code == 1
    assert "two-heads-one-loss (error) is announced and not found" in tested.stdout
    assert "still says TODO" in tested.stdout


def test_the_next_code_is_free(checkout: Path) -> None:
    for name in ("one-more", "and-another"):
        assert begin(checkout, name, "--family", "logits").returncode == 0
    codes = [(checkout / f"rules/logits/{name}.md").read_text().splitlines()[0] for name in ("one_more", "and_another")]
    numbers = [int(title.partition("(MLL")[2].rstrip(")")) for title in codes]
    assert numbers[1] == numbers[0] + 1
    others = "".join(path.read_text() for path in (ROOT / "rules").rglob("*.py"))
    assert not any(f"MLL{number}" in others for number in numbers)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["two-heads", "--family", "heads"], "no family 'heads': there are decoding, "),
        (["TwoHeads", "--family", "labels"], "'TwoHeads' is no name of a rule"),
        (["one-unit-softmax", "--family", "head-loss"], "is there already"),
        (["two-heads", "--family", "heads", "--plugin", "a"], "--prefix gives two or more capital letters, not MLL"),
        (["two-heads", "--family", "heads", "--plugin", "a", "--prefix", "MLLX"], "--prefix gives two or more"),
        (["two-heads", "--family", "He ads", "--plugin", "a", "--prefix", "AB"], "are lower-case words"),
    ],
)
def test_what_cannot_be_begun(arguments: list[str], message: str, checkout: Path) -> None:
    before = sorted(checkout.rglob("*"))
    done = begin(checkout, *arguments)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
    assert sorted(checkout.rglob("*")) == before


def test_a_plugin(checkout: Path, tmp_path: Path) -> None:
    plugin = tmp_path / "zebra-mllint"
    arguments = ("--family", "heads", "--plugin", str(plugin))
    assert begin(checkout, "striped-head", *arguments, "--prefix", "ZEB").returncode == 0
    assert begin(checkout, "spotted-head", *arguments).returncode == 0
    command = Beside(Command(tmp_path), installed(plugin, tmp_path / "site"))
    assert command("rule", "ZEB101").stdout.startswith("# striped-head (ZEB101)\n")
    assert "heads, from zebra-mllint 0.1\n  ZEB101  striped-head" in command("rule", "--all").stdout
    assert command("rule", "spotted-head").stdout.startswith("# spotted-head (ZEB102)\n")
    (tmp_path / "train.py").write_text(PROGRAM)
    linted = command("--output-format", "concise", "train.py")
    assert (linted.exit_code, linted.stdout.count("\n"), "one-unit-softmax" in linted.stdout) == (1, 1, True)
    tested = command("test")
    assert tested.exit_code == 1
    assert tested.stdout.count("is announced and not found") == 2
