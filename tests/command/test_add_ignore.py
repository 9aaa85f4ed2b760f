"""`--add-ignore` silences every finding with a comment, and leaves the program as it is."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from mllint import registry
from mllint.engine import ignore_source, lint_source
from mllint.results import FixReport
from mllint.settings import Settings
from mllint.source.text.document import read_document

RULE = "sigmoid-with-categorical-crossentropy"
START = """\
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Dense(10, activation="sigmoid")])
"""
COMPILE = 'model.compile("adam", loss="categorical_crossentropy")'


def tree(path: str, source: bytes) -> str:
    return ast.dump(ast.parse(read_document(path, source).text))


def ignored(source: bytes, path: str = "x.py", reason: str = "old code") -> FixReport:
    """Every finding ignored: the program is the same, and nothing is left."""
    before = lint_source(source, path)
    assert before.findings and not before.errors
    change = ignore_source(source, path, Settings(), before.findings, reason)
    assert change.rewrite is not None and not change.refused
    assert change.report.findings == () and not change.report.errors
    assert len(change.report.suppressed) == len(change.applied) == len(before.findings)
    assert tree(path, change.rewrite.after) == tree(path, source)
    assert change.report == lint_source(change.rewrite.after, path)
    return change


def after(statement: str, **options) -> str:
    """The statement with its comment."""
    change = ignored(f"{START}{statement}\n".encode(), **options)
    text = change.rewrite.after.decode()
    assert text.startswith(START)
    return text[len(START) :].removesuffix("\n")


COMMENT = f"# mllint: ignore[{RULE}] old code"

PLACES = {
    "on the line": (COMPILE, f"{COMPILE}  {COMMENT}"),
    "white space at the end goes": (f"{COMPILE}  \t", f"{COMPILE}  {COMMENT}"),
    "behind another comment": (f"{COMPILE}  # type: ignore", f"{COMPILE}  # type: ignore  {COMMENT}"),
    "behind a task": (f"{COMPILE}  # mllint: task=multi-class", f"{COMPILE}  # mllint: task=multi-class  {COMMENT}"),
    "behind another tool's": (f"{COMPILE}  # noqa: E501", f"{COMPILE}  # noqa: E501  {COMMENT}"),
    "on the line of the place": (
        'model.compile(\n    "adam",\n    loss="categorical_crossentropy",\n)',
        f'model.compile(\n    "adam",\n    loss="categorical_crossentropy",  {COMMENT}\n)',
    ),
    "not inside a string": (
        f'print({COMPILE}, """\n"""\n)',
        f'print({COMPILE}, """\n"""\n)  {COMMENT}',
    ),
    "not behind a backslash": (
        'model.compile("adam", loss="categorical_crossentropy" \\\n)',
        f'model.compile("adam", loss="categorical_crossentropy" \\\n)  {COMMENT}',
    ),
    "a backslash before an empty line": (f"{COMPILE} \\\n", f"{COMPILE} \\\n  {COMMENT}"),
    "one line, two statements": (f"x = 1; {COMPILE}", f"x = 1; {COMPILE}  {COMMENT}"),
    "the head of a block": (f"with {COMPILE}: pass", f"with {COMPILE}: pass  {COMMENT}"),
}


@pytest.mark.parametrize(("statement", "expected"), PLACES.values(), ids=PLACES)
def test_the_comment_stands_where_it_works(statement, expected):
    assert after(statement) == expected


BAD = re.compile(r"## Bad\n\n```python\n(.*?)```", re.DOTALL)
NOT_IN_SOURCE = ("suppressions", "probes")
PAGES = [rule for rule in registry.rules() if rule.family not in NOT_IN_SOURCE and BAD.search(rule.page())]


@pytest.mark.parametrize("rule", PAGES, ids=lambda rule: rule.name)
def test_the_bad_code_of_every_rule(rule):
    source = BAD.search(rule.page())[1].encode()
    settings = Settings(pedantic=True)
    findings = lint_source(source, "x.py", settings).findings
    change = ignore_source(source, "x.py", settings, findings, "as it was")
    assert change.report.findings == () and not change.refused
    assert len(change.report.suppressed) == len(findings) > 0
    assert tree("x.py", change.rewrite.after) == tree("x.py", source)


def test_without_a_reason():
    assert after(COMPILE, reason="") == f"{COMPILE}  # mllint: ignore[{RULE}]"


@pytest.mark.parametrize(("reason", "said"), [("old code", "ranked; old code"), ("", "ranked"), ("ranked", "ranked")])
def test_a_comment_that_is_there_takes_the_rule_in(reason, said):
    settings = Settings(ignore=("unused-suppression",))
    source = f"{START}{COMPILE}  # mllint: ignore[MLL201] ranked\n".encode()
    change = ignore_source(source, "x.py", settings, lint_source(source, "x.py", settings).findings, reason)
    assert change.rewrite.after.decode() == f"{START}{COMPILE}  # mllint: ignore[MLL201, {RULE}] {said}\n"
    assert change.report.findings == ()


def test_several_rules_on_one_statement_share_a_comment():
    source = """\
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Dense(1, activation="softmax")])
model.compile("adam", loss="binary_crossentropy"); other = tf.keras.Sequential(
    [tf.keras.layers.Dense(3, activation="sigmoid")]); other.compile("adam", loss="categorical_crossentropy")
"""
    change = ignored(source.encode())
    assert len(change.applied) == 2
    assert change.rewrite.after.decode().count("# mllint:") == 2


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", PLACES)
def test_newlines_stay(newline, name):
    source = f"{START}{PLACES[name][0]}\n".replace("\n", newline)
    text = ignored(source.encode()).rewrite.after.decode()
    assert text == f"{START}{PLACES[name][1]}\n".replace("\n", newline)


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_the_end_of_the_file_stays(end):
    text = ignored(f"{START}{COMPILE}{end}".encode()).rewrite.after.decode()
    assert text == f"{START}{COMPILE}  {COMMENT}{end}"


@pytest.mark.parametrize(
    "prefix", [b"\xef\xbb\xbf", b"# -*- coding: latin-1 -*-\n# caf\xe9\n", "# café ☕\n".encode()], ids=repr
)
def test_encodings_stay(prefix):
    source = prefix + f"{START}{COMPILE}\n".encode()
    assert ignored(source).rewrite.after == prefix + f"{START}{COMPILE}  {COMMENT}\n".encode()


def test_a_reason_that_the_encoding_cannot_express_is_refused():
    source = b"# -*- coding: latin-1 -*-\n" + f"{START}{COMPILE}\n".encode()
    findings = lint_source(source, "x.py").findings
    change = ignore_source(source, "x.py", Settings(), findings, "☕")
    assert change.rewrite is None and change.report.findings
    assert "cannot express '☕'" in change.refused[0].reason


def test_notebooks():
    def notebook(last: list[str]) -> bytes:
        sources = [["%matplotlib inline\n", START], ["!ls \\\n", "  -l\n", *last]]
        cells = [
            {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
            for source in sources
        ]
        return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1).encode()

    change = ignored(notebook([COMPILE]), "n.ipynb")
    assert json.loads(change.rewrite.after) == json.loads(notebook([f"{COMPILE}  {COMMENT}"]))


# ---------------------------------------------------------------- the command


def test_the_command_writes_and_is_clean_afterwards(mllint, write, flawed, sound):
    write({"a.py": flawed, "b/c.py": flawed, "sound.py": sound})
    run = mllint("--add-ignore=the labels are ranks")
    assert (run.exit_code, run.stdout) == (0, "")
    assert "Ignored 2 problems in 2 files\n" in run.stderr
    expected = flawed.rstrip() + f"  # mllint: ignore[{RULE}] the labels are ranks\n"
    assert [(mllint.directory / name).read_text() for name in ("a.py", "b/c.py", "sound.py")] == [expected] * 2 + [
        sound
    ]
    again = mllint("--add-ignore")
    assert again.stderr == "Ignored nothing\nFound nothing in 3 files (3 setups judged, 2 suppressed)\n"


def test_the_path_behind_the_option_is_no_reason(mllint, write, flawed):
    write({"a.py": flawed})
    assert mllint("--add-ignore", "a.py").exit_code == 0
    assert (mllint.directory / "a.py").read_text().endswith(f"  # mllint: ignore[{RULE}]\n")


def test_standard_input_comes_back_on_standard_output(mllint, flawed):
    run = mllint("--add-ignore=why", "-", stdin=flawed.encode())
    assert (run.exit_code, run.stdout) == (0, flawed.rstrip() + f"  # mllint: ignore[{RULE}] why\n")


def test_findings_about_comments_are_left(mllint, write, sound):
    write({"a.py": sound.rstrip() + "  # mllint: ignore[MLL101]\n"})
    run = mllint("--add-ignore", "a.py", "--output-format", "concise")
    assert run.exit_code == 1
    assert "unused-suppression" in run.stdout
    assert "a.py:8:67: not ignored MLL901 unused-suppression: " in run.stderr


def test_what_the_baseline_records_is_not_ignored(mllint, write, flawed):
    write({"a.py": flawed})
    mllint("--baseline", "b.json", "--write-baseline")
    run = mllint("--baseline", "b.json", "--add-ignore")
    assert (run.exit_code, (mllint.directory / "a.py").read_text()) == (0, flawed)


@pytest.mark.parametrize("other", ["--fix", "--diff", "--interactive", "--fix-only", "--ignore-suppressions"])
def test_what_does_not_go_together(other, mllint):
    run = mllint("--add-ignore", other)
    assert run.exit_code == 2
    assert f"--add-ignore and {other} exclude each other" in run.stderr


def test_a_reason_is_one_line(mllint):
    assert "a reason is one line of text" in mllint("--add-ignore=a\nb").stderr


def test_a_file_that_nobody_may_write_is_said(mllint, write, flawed):
    path = write({"a.py": flawed}) / "a.py"
    path.chmod(0o444)
    run = mllint("--add-ignore")
    assert run.exit_code == 2
    assert "a.py: error: cannot write: the file is read-only" in run.stderr
    assert path.read_text() == flawed
    assert [entry.name for entry in Path(path.parent).iterdir()] == ["a.py"]


def test_what_was_ignored_is_listed_in_the_order_of_the_report():
    source = START + 'model.compile("adam", loss="categorical_crossentropy", metrics=["precison", "acuracy"])\n'
    change = ignored(source.encode())
    columns = [one.location.column for one in change.applied]
    assert len(columns) == 3 and columns == sorted(columns)
