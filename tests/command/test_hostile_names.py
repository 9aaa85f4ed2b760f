"""Names of files are chosen by others: none of them writes a line of its own, or steers a terminal."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.command.conftest import FLAWED
from tests.command.test_fix import SAFE, SAFE_FIXED

pytestmark = pytest.mark.skipif(os.name != "posix", reason="such names are not possible here")

LINE = "new\n::error file=x::pwned\nline.py"
TITLE = "title\x1b]0;pwned\x07.py"
FIRST = "::error file=y::pwned.py"
NAMES = (LINE, TITLE, FIRST)
BROKEN = "import keras\nmodel.compile(loss='mse'\n"
COMMAND = [sys.executable, "-m", "mllint"]


def lines_that_steer(text: str) -> list[str]:
    steering = [line for line in text.split("\n") if not all(char.isprintable() for char in line)]
    return steering + [line for line in text.split("\n") if line.lstrip().startswith("::")]


@pytest.mark.parametrize("output_format", ["full", "concise"])
@pytest.mark.parametrize("source", [FLAWED, BROKEN], ids=["flawed", "broken"])
def test_no_name_writes_a_command_or_steers_a_terminal(mllint, write, output_format, source):
    write(dict.fromkeys(NAMES, source))
    run = mllint("--show-not-judged", "--output-format", output_format)
    assert run.exit_code == (1 if source is FLAWED else 2)
    assert not lines_that_steer(run.stdout) and not lines_that_steer(run.stderr)
    said = run.stdout + run.stderr
    assert r"new\n::error file=x::pwned\nline.py:" in said
    assert r"title\x1b]0;pwned\x07.py:" in said
    assert "./::error file=y::pwned.py:" in said


def test_commands_of_github_are_those_of_the_report(mllint, write):
    write(dict.fromkeys(NAMES, FLAWED))
    run = mllint("--output-format", "github")
    lines = run.stdout.splitlines()
    assert len(lines) == len(NAMES)
    assert all(line.startswith("::error file=") and line.isprintable() for line in lines)
    assert any(line.startswith("::error file=new%0A%3A%3Aerror file=x") for line in lines)


@pytest.mark.parametrize(
    "arguments", [("--fix", "--show-refused"), ("facts", LINE), ("facts", "gone\n::error::x"), ("gone\n::error::x",)]
)
def test_talk_holds_names_on_its_lines(mllint, write, arguments):
    write(dict.fromkeys(NAMES, FLAWED))
    run = mllint(*arguments)
    assert not lines_that_steer(run.stdout) and not lines_that_steer(run.stderr)


def test_messages_hold_what_settings_say_on_their_line(mllint, write):
    write({"a.py": FLAWED, "mllint.toml": '"x\\n::error::pwned\\u001b[31m" = 1\n'})
    run = mllint()
    assert run.exit_code == 2
    assert not lines_that_steer(run.stderr)


def test_files_are_listed_as_git_lists_them(mllint, write):
    names = [*NAMES, 'a "b".py', "tab\t.py", "back\\slash.py", "ä b.py", os.fsdecode(b"\xff.py")]
    root = write(dict.fromkeys(names, FLAWED))
    git = ["git", "-c", "core.quotePath=false"]
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    listed = subprocess.run([*git, "ls-files", "-o"], cwd=root, check=True, capture_output=True).stdout
    expected = listed.replace(b"\xff.py\n", b'"\\377.py"\n').splitlines()
    shown = subprocess.run([*COMMAND, "--show-files"], cwd=root, check=True, capture_output=True).stdout.splitlines()
    assert sorted(shown) == sorted(expected)


def test_git_applies_the_diff_of_a_file_with_such_a_name(mllint, write):
    root = write({LINE: SAFE})
    diff = mllint("--diff").stdout
    assert not lines_that_steer(diff.partition("@@")[0])
    subprocess.run(["git", "apply", "-p0"], cwd=root, input=diff.encode(), check=True)
    assert (root / LINE).read_text() == SAFE_FIXED
