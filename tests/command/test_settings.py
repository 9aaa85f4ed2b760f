"""Configuration: where it is found, what holds, and what is said about mistakes."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mllint.findings import Severity
from mllint.settings import KEYS, Patterns, Settings, SettingsError, SettingsFinder, parse_toml, read_file


def read(tmp_path: Path, text: str, name: str = "mllint.toml") -> Settings | None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_file(path)


def test_the_nearest_file_wins_and_files_are_not_merged(write):
    root = write(
        {
            "pyproject.toml": '[tool.mllint]\npedantic = true\nignore = ["MLL101"]\n',
            "a/mllint.toml": 'fail-level = "error"\n',
            "a/b/pyproject.toml": "[tool.ruff]\nline-length = 100\n",
            "a/b/x.py": "",
        }
    )
    finder = SettingsFinder()
    assert finder.for_directory(root / "a" / "b").fail_level == Severity.ERROR
    assert finder.for_directory(root / "a" / "b").ignore == ()
    assert finder.for_directory(root).pedantic
    assert finder.for_directory(root).ignore == ("MLL101",)


def test_mllint_toml_goes_before_pyproject(write):
    root = write({"pyproject.toml": "[tool.mllint]\npedantic = true\n", "mllint.toml": "pedantic = false\n"})
    assert not SettingsFinder().for_directory(root).pedantic


MISTAKES = {
    'selekt = ["MLL1"]': (1, "unknown key `selekt`; did you mean `select`?"),
    'pedantic = true\nfail_level = "error"': (2, "unknown key `fail_level`; did you mean `fail-level`?"),
    "\n\nfrobnicate = 1": (3, "unknown key `frobnicate`; valid keys: select, "),
    'select = "MLL1"': (1, "key `select`: expected a list of strings, found a string"),
    "select = [1]": (1, "key `select`: expected a list of strings, found a list with other things"),
    'pedantic = "yes"': (1, "key `pedantic`: expected true or false, found a string"),
    "pedantic = 1": (1, "key `pedantic`: expected true or false, found an integer"),
    'fail-level = "fatal"': (1, 'key `fail-level`: expected one of info, warning, error; found "fatal"'),
    "output-format = []": (1, "key `output-format`: expected one of full, concise, json, jsonl,"),
    "per-file-ignores = 1.5": (1, "key `per-file-ignores`: expected a table of pattern = [rules], found a float"),
    '[per-file-ignores]\n"tests/" = "MLL1"': (1, "key `per-file-ignores`: expected a list of strings, found a string"),
    'ignore = ["MLL999"]': (1, "key `ignore`: unknown rule `MLL999`; did you mean `MLL"),
    'exclude = ["!"]': (1, "key `exclude`: not a pattern: '!'"),
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_names_file_line_key_and_the_nearest_valid_one(text, tmp_path):
    line, message = MISTAKES[text]
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, text)
    assert caught.value.source == str(tmp_path / "mllint.toml")
    assert caught.value.line == line
    assert caught.value.message.startswith(message)


def test_the_line_of_a_mistake_in_pyproject_is_below_its_header(tmp_path):
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, '[tool.ruff]\nselect = []\n\n[tool.mllint]\nselect = "x"\n', "pyproject.toml")
    assert caught.value.line == 5


@pytest.mark.parametrize(
    ("raw", "line", "column"),
    [(b"a = 1\nb = \n", 2, 5), (b"a = 1\na = 2\n", 2, 6), (b"a = 1\n\xff", 2, None), (b"a = [", 1, 6)],
)
def test_broken_toml_is_located(raw, line, column):
    with pytest.raises(SettingsError) as caught:
        parse_toml(raw, "x.toml")
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_pyproject_that_does_not_speak_of_mllint_is_not_even_parsed(tmp_path):
    assert read(tmp_path, "this is = no [toml", "pyproject.toml") is None
    assert read(tmp_path, "# mllint is nice\n[tool.ruff]\n", "pyproject.toml") is None


def test_tool_mllint_must_be_a_table(tmp_path):
    with pytest.raises(SettingsError, match=r"tool\.mllint.*expected a table, found a boolean"):
        read(tmp_path, "[tool]\nmllint = true\n", "pyproject.toml")


ROOT = Path("/project")
SELECTORS = st.lists(st.sampled_from(["MLL101", "logits", "all", "MLL2", "one-unit-softmax"]), max_size=3).map(tuple)
GLOBS = st.lists(st.sampled_from(["docs/", "*.ipynb", "/a b/c", "Ünïcode", 'q"uote']), max_size=3).map(tuple)


@hypothesis.settings(deadline=None)
@given(
    st.builds(
        Settings,
        select=SELECTORS,
        extend_select=SELECTORS,
        ignore=SELECTORS,
        per_file_ignores=st.dictionaries(GLOBS.filter(bool).map(lambda globs: globs[0]), SELECTORS, max_size=2).map(
            lambda table: tuple((Patterns((glob,), ROOT), rules) for glob, rules in table.items())
        ),
        exclude=GLOBS.map(lambda globs: Patterns(globs, ROOT)),
        extend_exclude=GLOBS.map(lambda globs: (Patterns(globs, ROOT),)),
        force_exclude=st.booleans(),
        pedantic=st.booleans(),
        fail_level=st.sampled_from(Severity),
        output_format=st.sampled_from(["full", "concise", "json"]),
        show_not_judged=st.booleans(),
    )
)
def test_settings_written_as_toml_read_back_the_same(settings):
    table = parse_toml("\n".join(settings.as_toml()).encode(), "shown")
    assert tuple(table) == tuple(KEYS)
    assert Settings().with_table(table, "shown", ROOT) == settings


# ---------------------------------------------------------------- on the command line


def test_options_go_before_files(mllint, write, flawed):
    write({"flawed.py": flawed, "mllint.toml": 'ignore = ["MLL101"]\n'})
    assert mllint("flawed.py").exit_code == 0
    assert mllint("--select", "MLL101", "flawed.py").exit_code == 1
    assert mllint("--isolated", "flawed.py").exit_code == 1
    assert mllint("--config", "ignore = []", "flawed.py").exit_code == 1


def test_config_takes_a_file_or_keys(mllint, write, flawed):
    write({"flawed.py": flawed, "other.toml": 'fail-level = "error"\nignore = ["head-loss"]\n', "pyproject.toml": ""})
    assert mllint("--config", "other.toml", "flawed.py").exit_code == 0
    missing = mllint("--config", "missing.toml", "flawed.py")
    assert (missing.exit_code, missing.stderr) == (2, "missing.toml: error: no such file\n")
    silent = mllint("--config", "pyproject.toml", "flawed.py")
    assert (silent.exit_code, silent.stderr) == (2, "pyproject.toml: error: has no [tool.mllint] table\n")
    wrong = mllint("--config", "fail-level = error", "flawed.py")
    assert wrong.exit_code == 2
    assert "--config:1:14: error: not valid TOML" in wrong.stderr


def test_show_settings_says_what_holds_and_from_where(mllint, write):
    root = write({"a/mllint.toml": 'ignore = ["MLL2"]\n', "a/x.py": ""})
    run = mllint("--show-settings", "--pedantic", "a/x.py")
    assert run.exit_code == 0
    assert run.stdout.startswith(f"# {root / 'a' / 'mllint.toml'}\n")
    assert 'ignore = ["MLL2"]' in run.stdout
    assert "pedantic = true" in run.stdout


def test_per_file_ignores(mllint, write, flawed):
    write(
        {
            "mllint.toml": '[per-file-ignores]\n"experiments/" = ["head-loss"]\n"*_draft.py" = ["MLL101"]\n',
            "experiments/x.py": flawed,
            "y_draft.py": flawed,
            "z.py": flawed,
        }
    )
    run = mllint("--output-format", "concise")
    assert [line.split(":")[0] for line in run.stdout.splitlines()] == ["z.py"]


@pytest.mark.parametrize(
    "command",
    [
        ["check"], ["clean"], ["merge", "x.part"], ["verify", "model.keras"],
        ["corpus", "sources.jsonl", "--output", "found"],
    ],
)  # fmt: skip
def test_every_command_says_a_mistake_in_its_settings(command, mllint, write):
    write({"sources.jsonl": "{}"})
    for named, said in (("missing.toml", "missing.toml: error: no such file\n"), ("a=[", "--config:1:4: error: not")):
        run = mllint(*command, "--config", named)
        assert (run.exit_code, run.stdout) == (2, "")
        assert run.stderr.startswith(said)


@pytest.mark.parametrize("command", [["facts", "x.py"], ["convert", "--to", "logits", "x.py"], ["test"], ["clean"]])
def test_every_command_says_a_mistake_in_the_settings_that_hold(command, mllint, write, sound):
    write({"x.py": sound, "mllint.toml": "nonsense = 1"})
    run = mllint(*command)
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.startswith("mllint.toml:1: error: unknown key `nonsense`")
