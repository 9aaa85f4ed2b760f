"""Rules of other distributions: found, selected, silenced and fixed as mllint's own; left out whole where wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.plugins.conftest import Beside

SMOOTHED = """\
from tensorflow import keras

model = keras.Sequential([keras.layers.Dense(1, activation="sigmoid")])
model.compile(optimizer="adam", loss=keras.losses.BinaryCrossentropy(label_smoothing=0.1)){comment}
"""
FLAWED = SMOOTHED.replace("sigmoid", "softmax")
"""One finding of a rule of mllint's own, and one of the plugin's."""
RULE = (
    "from mllint.rules import Rule\n"
    "RULE = Rule(code={!r}, summary='a summary', since='1.0.0', judge=lambda setup: iter(()))\n"
)


def smoothed(comment: str = "") -> str:
    return SMOOTHED.format(comment=comment)


@pytest.fixture
def train(write: Callable[[dict[str, str]], Path]) -> Path:
    return write({"train.py": smoothed()}) / "train.py"


def rules(command: Beside, *arguments: str) -> list[str]:
    run = command("--output-format", "json", *arguments)
    return [finding["rule"] for finding in json.loads(run.stdout)["findings"]]


def test_a_rule_is_on_once_it_is_installed(acme: Beside, train: Path) -> None:
    run = acme("--output-format", "concise")
    assert run.exit_code == 1
    assert run.stdout.startswith("train.py:4:38: warning[ACM101] smoothed-binary-labels: smoothed labels: ")
    assert acme.command("train.py").exit_code == 0, "the test is worth something only where it is not installed"


@pytest.mark.parametrize("selector", ["smoothed-binary-labels", "acm101", "ACM", "losses"])
def test_selectors(selector: str, acme: Beside, train: Path) -> None:
    assert rules(acme, "--select", selector) == ["smoothed-binary-labels"]
    assert rules(acme, "--ignore", selector) == []


def test_the_more_specific_selector_wins(acme: Beside, train: Path) -> None:
    assert rules(acme, "--select", "ACM1", "--ignore", "losses") == ["smoothed-binary-labels"]
    assert rules(acme, "--select", "losses", "--ignore", "ACM1") == []


def test_settings_know_its_rules(acme: Beside, train: Path) -> None:
    settings = train.with_name("mllint.toml")
    settings.write_text('ignore = ["ACM101"]')
    assert rules(acme) == []
    settings.write_text('ignore = ["ACM102"]')
    run = acme()
    assert run.exit_code == 2
    assert "unknown rule `ACM102`; did you mean `ACM101`?" in run.stderr


@pytest.mark.parametrize(
    "comment", ["  # mllint: ignore[smoothed-binary-labels]", "  # mllint: ignore[ACM1] why", "  # noqa: E501, ACM101"]
)
def test_comments_silence_it(comment: str, acme: Beside, train: Path) -> None:
    train.write_text(smoothed(comment))
    assert rules(acme) == []
    assert rules(acme, "--ignore-suppressions") == ["smoothed-binary-labels"]


def test_a_comment_with_a_misspelt_code(acme: Beside, train: Path) -> None:
    train.write_text(smoothed("  # noqa: ACM999"))
    assert sorted(rules(acme)) == ["invalid-suppression", "smoothed-binary-labels"]
    assert "invalid-suppression" not in acme.command("train.py").stdout, "to others it is some other tool's"


def test_its_fixes_are_carried_out(acme: Beside, train: Path) -> None:
    assert acme("--fix").exit_code == 1, "the fix is not safe"
    run = acme("--fix", "--unsafe-fixes")
    assert run.exit_code == 0
    assert train.read_text() == smoothed().replace("label_smoothing=0.1", "")


def test_its_page_is_shown(acme: Beside) -> None:
    assert acme("rule", "acm101").stdout.startswith("# smoothed-binary-labels (ACM101)\n")


def test_lists_say_whose_a_rule_is(acme: Beside) -> None:
    table = acme("rule", "--all").stdout
    assert table.index("MLL902") < table.index("losses, from acme-mllint 1.0\n  ACM101  smoothed-binary-labels")
    listed = json.loads(acme("rule", "--all", "--output-format", "json").stdout)
    assert {rule["code"]: rule["distribution"] for rule in listed}["ACM101"] == "acme-mllint 1.0"
    assert {rule["distribution"] for rule in listed} == {None, "acme-mllint 1.0"}


def test_nothing_is_asked_of_it_before_it_is_needed(plugin: Callable[..., Beside]) -> None:
    command = plugin(loud="print('imported')\n" + RULE.format("LOU101"))
    for arguments in (["--version"], ["--help"], ["check", "--help"], ["."]):
        assert "imported" not in command(*arguments).stdout
    assert command("rule", "loud-rule", "--output-format", "json").stdout.startswith("imported\n")


# ---------------------------------------------------------------- plugins that are wrong

WRONG = {
    "raise RuntimeError('no luck')": "importing wrong_rules fails: RuntimeError: no luck",
    "import sys; sys.exit(3)": "importing wrong_rules fails: SystemExit: 3",
    "import nothing_of_this_name": "importing wrong_rules fails: ModuleNotFoundError: No module named",
    "def (": "importing wrong_rules fails: SyntaxError: ",
    "RULE = 3": "no module in the family packages of wrong_rules holds a RULE",
    RULE.format(
        "MLL950"
    ): "the code of wrong_rules.heads.wrong_rule is MLL950: codes that begin with MLL are mllint's own",
    RULE.format("wrong-1"): "is 'wrong-1', not two or more capital letters and a number",
    RULE.format(101): "is 101, not two or more capital letters and a number",
}


@pytest.mark.parametrize("text", WRONG)
def test_it_is_left_out_and_said(text: str, plugin: Callable[..., Beside], train: Path) -> None:
    train.write_text(FLAWED.format(comment=""))
    command = plugin(wrong=text)
    run = command("--output-format", "concise")
    assert run.exit_code == 2
    assert "one-unit-softmax" in run.stdout, "mllint's own rules judge all the same"
    assert run.stderr.startswith("plugin wrong 1.0: error: its rules are left out: ") and WRONG[text] in run.stderr
    assert run.stderr.count("left out") == 1
    listed = command("rule", "MLL101")
    assert (listed.exit_code, "left out" in listed.stderr, listed.stdout[:1]) == (2, True, "#")


def test_two_plugins_with_one_code(plugin: Callable[..., Beside], train: Path) -> None:
    command = plugin(one=RULE.format("ONE101"), other=RULE.format("ONE101"))
    run = command()
    message = "other_rules.heads.other_rule and one_rules.heads.one_rule have the same code: ONE101"
    assert (run.exit_code, message in run.stderr) == (2, True)
    assert command("rule", "one-rule").stderr.count("left out") == 1


def test_a_rule_with_the_name_of_ours(plugin: Callable[..., Beside], tmp_path: Path) -> None:
    command = plugin(wrong=RULE.format("WRO101"))
    family = next(command.site.glob("wrong_rules/heads"))
    (family / "wrong_rule.py").rename(family / "one_unit_softmax.py")
    run = command("rule", "--all")
    message = "wrong_rules.heads.one_unit_softmax and mllint.rules.head_loss.one_unit_softmax have the same name"
    assert (run.exit_code, message in run.stderr) == (2, True)


def test_a_rule_that_crashes(plugin: Callable[..., Beside], train: Path) -> None:
    command = plugin(crash=RULE.format("CRA101").replace("iter(())", "1 / 0"))
    train.write_text(FLAWED.format(comment=""))
    run = command("--output-format", "concise")
    assert (run.exit_code, "one-unit-softmax" in run.stdout) == (2, True)
    assert "rule `crash-rule` crashed: ZeroDivisionError: division by zero; this is a bug in crash 1.0\n" in run.stderr
