"""The plugin, run by the real flake8."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integrations.programs import FLAWED, IN_TWO_FILES, SOUND, notebook
from tests.plugins.conftest import EXAMPLE, installed
from tests.plugins.test_rules import smoothed

Run = subprocess.CompletedProcess[str]
ERROR = "train.py:4:28: MLL101 sigmoid-with-categorical-crossentropy: "


@pytest.fixture
def flake8(tmp_path: Path) -> Callable[..., Run]:
    """flake8 in an empty directory, with the given files and mllint's errors alone."""

    def run(files: dict[str, str | bytes], *arguments: str, program: str | None = None, stdin: str = "") -> Run:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        start = ["-c", program] if program else ["-m", "flake8"]
        return subprocess.run(
            [sys.executable, *start, "--isolated", "--select", "MLL,E9", *arguments],
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_flake8_knows_the_plugin():
    listed = subprocess.run([sys.executable, "-m", "flake8", "--version"], capture_output=True, text=True, check=True)
    assert re.search(r"mllint-keras: \d", listed.stdout)


def test_findings_are_errors(flake8):
    run = flake8({"train.py": FLAWED, "sound.py": SOUND})
    assert run.returncode == 1
    assert run.stdout.startswith(f"./{ERROR}")
    assert run.stdout.count("\n") == 1
    assert run.stderr == ""


def test_it_is_selected_as_any_other(flake8):
    run = flake8({"train.py": FLAWED}, "--extend-ignore", "MLL1")
    assert (run.returncode, run.stdout) == (0, "")
    run = flake8({"train.py": FLAWED}, "--per-file-ignores", "train.py:MLL101")
    assert (run.returncode, run.stdout) == (0, "")


def test_comments_silence_findings(flake8):
    """Where mllint itself looks for them: at the head too, where flake8 sees no error."""
    comments = ["# noqa: MLL101", "# noqa", "# mllint: ignore[MLL101] a ranking is enough"]
    first, second, head, loss = FLAWED.splitlines()
    at_head = {f"head{at}.py": f"{first}\n{second}\n{head}  {one}\n{loss}\n" for at, one in enumerate(comments)}
    at_loss = {f"loss{at}.py": f"{first}\n{second}\n{head}\n{loss}  {one}\n" for at, one in enumerate(comments)}
    run = flake8({**at_head, **at_loss, "train.py": FLAWED})
    assert re.findall(r"^\./(\S+):4:28: MLL101", run.stdout, re.MULTILINE) == ["train.py"]
    assert run.stdout.count("\n") == 1


def test_comments_on_other_codes_silence_nothing(flake8):
    run = flake8({"train.py": FLAWED.rstrip() + "  # noqa: E501\n"})
    assert ERROR in run.stdout


def test_a_finding_stands_at_a_line_of_the_file_that_is_looked_at(flake8):
    """What is to be changed may stand in a file that is imported."""
    run = flake8(IN_TWO_FILES)
    assert re.findall(r"^\./(\S+): (MLL\d+)", run.stdout, re.MULTILINE) == [("train.py:4:28", "MLL104")]


def test_a_syntax_error_is_said_once(flake8):
    run = flake8({"train.py": FLAWED + "def broken(:\n"})
    assert run.returncode == 1
    assert re.findall(r"[A-Z]+\d{3}", run.stdout) == ["E999"]
    assert "Traceback" not in run.stdout + run.stderr


@pytest.mark.parametrize(
    ("settings", "shown"),
    [("", True), ('ignore = ["MLL101"]', False), ('extend-exclude = ["train.py"]', False)],
)
def test_the_settings_of_the_project_hold(settings, shown, flake8):
    run = flake8({"pyproject.toml": f"[tool.mllint]\n{settings}\n", "train.py": FLAWED})
    assert (ERROR in run.stdout) == shown


def test_rules_of_plugins(flake8, tmp_path_factory, monkeypatch):
    """flake8 drops codes that begin with other letters."""
    copy = tmp_path_factory.mktemp("copy") / "plugin"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__"))
    monkeypatch.setenv("PYTHONPATH", str(installed(copy, tmp_path_factory.mktemp("site"))), prepend=os.pathsep)
    run = flake8({"train.py": smoothed()})
    assert "train.py:4:38: MLL999 ACM101 smoothed-binary-labels: " in run.stdout


def test_a_mistake_in_the_settings_is_an_error(flake8):
    run = flake8({"mllint.toml": "selct = []\n", "train.py": FLAWED})
    assert run.returncode == 1
    assert "train.py:1:1: MLL000" in run.stdout
    assert "did you mean `select`?" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr


def test_standard_input(flake8):
    run = flake8({}, "--stdin-display-name", "train.py", "-", stdin=FLAWED)
    assert run.stdout.startswith(ERROR)


def test_the_place_is_right_in_every_encoding(flake8):
    program = FLAWED.replace('"adam"', '"\u00e4d\u00e4m"')
    starts = {"utf-8": "", "utf-8-sig": "", "latin-1": "# coding: latin-1\n", "cp1252": "# coding: cp1252\r\n"}
    run = flake8({f"{encoding}.py": (start + program).encode(encoding) for encoding, start in starts.items()})
    found = dict(re.findall(r"^\./(\S+)\.py:(\d+):28: MLL101", run.stdout, re.MULTILINE))
    assert found == {"utf-8": "4", "utf-8-sig": "4", "latin-1": "5", "cp1252": "5"}


def test_many_files_in_processes(flake8):
    run = flake8({f"m{number}.py": FLAWED for number in range(5)}, "--jobs", "2")
    assert run.stdout.count("MLL101") == 5


def test_files_without_keras_cost_nothing(flake8):
    probe = """\
import sys
from flake8.main.cli import main
code = main(sys.argv[1:])
print(*sorted({"mllint.source.lens", "mllint.rules.logits", "mllint.flake8_plugin"} & set(sys.modules)))
"""
    run = flake8({"a.py": "import re\nre.compile('x')\n"}, "--jobs", "1", program=probe)
    assert run.stdout == "mllint.flake8_plugin\n"
    run = flake8({"a.py": SOUND}, "--jobs", "1", program=probe)
    assert "mllint.source.lens" in run.stdout


def test_notebooks_are_not_for_flake8(flake8):
    """As the documentation says."""
    assert flake8({"explore.ipynb": notebook(FLAWED)}).stdout == ""
