"""What `--help` says: every option, in sections, in the width of the terminal."""

from __future__ import annotations

import importlib
import re

import click
import pytest

from mllint.cli import COMMANDS

SECTIONED = ("check", "verify")


def spelled(command: str) -> set[str]:
    """Every way to write an option of the command."""
    found: click.Command = getattr(importlib.import_module(COMMANDS[command]), command)
    return {word for one in found.params for word in (*one.opts, *one.secondary_opts) if word.startswith("-")}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_named_once(command, mllint):
    _, _, sections = re.split(r"^(\w[\w ]*:)$", mllint(command, "--help").stdout, maxsplit=1, flags=re.MULTILINE)
    entries = [line for line in sections.splitlines() if line.startswith("  -")]
    named = [word.strip(",") for line in entries for word in line.split("   ")[0].replace("/", " ").split()]
    options = [word for word in named if word.startswith("-")]
    assert sorted(options) == sorted({*spelled(command), "-h", "--help"})


@pytest.mark.parametrize("command", ["", *COMMANDS])
@pytest.mark.parametrize("width", [80, 140])
def test_help_fits_the_terminal(command, width, mllint):
    run = mllint(*filter(None, [command]), "--help", environment={"COLUMNS": str(width)})
    assert run.exit_code == 0
    assert max(map(len, run.stdout.splitlines())) <= width


@pytest.mark.parametrize("command", SECTIONED)
def test_only_help_stands_in_no_section(command, mllint):
    text = mllint(command, "--help").stdout
    rest = text.partition("Other options:\n")[2].partition("\n\n")[0]
    assert rest.split() == ["-h,", "--help", "Show", "this", "message", "and", "exit."]


@pytest.mark.parametrize("command", ["", *SECTIONED])
def test_the_examples_are_commands_that_there_are(command, mllint):
    """Each is read as it stands: with --help at its end it says what it is."""
    run = mllint(*filter(None, [command]), "--help", environment={"COLUMNS": "300"})
    lines = run.stdout.partition("Examples:\n")[2].splitlines()
    examples = [line.strip().split("  ")[0].split()[1:] for line in lines if line.startswith("  mllint ")]
    assert len(examples) >= 5
    for words in examples:
        assert mllint(*words, "--help").stdout.startswith("Usage: mllint"), words


@pytest.mark.parametrize(
    ("typed", "meant"), [("rules", "mllint rule --all"), ("verfy", "mllint verify"), ("Convert", "mllint convert")]
)
def test_nearly_a_command(typed, meant, mllint, write, sound):
    run = mllint(typed)
    assert run.exit_code == 2
    assert f"did you mean `{meant}`?" in run.stderr
    write({f"{typed}/train.py": sound})
    assert mllint(typed).exit_code == 0, "a directory of this name is a directory"
