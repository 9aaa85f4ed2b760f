"""Comments that silence findings, and findings about the comments."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mllint.engine import FileReport, fix_source, lint_source
from mllint.fixes.plan import SAFE
from mllint.settings import Settings

HEAD = '    layers.Dense(10, activation="sigmoid"),'
COMPILE = 'model.compile(optimizer="adam", loss="categorical_crossentropy")'
RULE = "sigmoid-with-categorical-crossentropy"
SCRIPT = "a-script.py"
"""No import statement can name it: what its comments silence is in the file itself."""


def lint(source: str, path: str = SCRIPT, **settings) -> FileReport:
    report = lint_source(source.encode(), path, Settings(**settings))
    assert not report.errors
    return report


def rules(report: FileReport) -> list[str]:
    return [finding.rule for finding in report.findings]


COMMENTS = [
    f"# mllint: ignore[{RULE}]",
    "# mllint: ignore[MLL101] the labels are one-hot",
    "# mllint:ignore[ head-loss , logits-without-from-logits ] why",
    "# mllint: ignore[all]",
    "# type: ignore  # mllint: ignore[MLL1]",
    "# noqa: MLL101",
    "# noqa: E501, MLL101",
    "# NOQA:mll101",
    "# noqa",
]


@pytest.mark.parametrize("line", [HEAD, COMPILE])
@pytest.mark.parametrize("comment", COMMENTS)
def test_a_comment_on_any_line_of_the_chain_silences(comment, line, flawed):
    report = lint(flawed.replace(line, f"{line}  {comment}"), ignore=("unused-suppression",))
    assert rules(report) == []
    assert len(report.suppressed) == 1


@pytest.mark.parametrize(
    "comment", ["# noqa: E501", "# noqa:E501", "# mllint: ignore[logits]", "# nothing", "x = '# noqa'"]
)
def test_other_comments_do_not(comment, flawed):
    code = f"{COMPILE}; {comment}" if comment.startswith("x") else f"{COMPILE}  {comment}"
    assert RULE in rules(lint(flawed.replace(COMPILE, code)))


def test_a_comment_on_a_line_of_its_own_is_for_the_next_statement(flawed):
    above = flawed.replace(COMPILE, f"# mllint: ignore[{RULE}] reason\n\n# more\n{COMPILE}")
    assert rules(lint(above)) == []
    too_early = f"# mllint: ignore[{RULE}]\n" + flawed
    assert rules(lint(too_early)) == ["unused-suppression", RULE]
    assert rules(lint(flawed.replace(COMPILE, f"# noqa\n{COMPILE}"))) == [RULE]


@pytest.mark.parametrize("line", range(4))
def test_a_comment_on_any_line_of_a_statement_silences(line, flawed):
    lines = ["model.compile(", '    optimizer="adam",', '    loss="categorical_crossentropy",', ")"]
    lines[line] += f"  # mllint: ignore[{RULE}]"
    assert rules(lint(flawed.replace(COMPILE, "\n".join(lines)))) == []


def test_a_file_comment_silences_the_file_from_anywhere(flawed):
    assert rules(lint(f"{flawed}# mllint: ignore-file[head-loss] teaching material\n")) == []


def test_a_notebook_comment_is_for_its_cell(flawed):
    def notebook(*cells: str) -> bytes:
        return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells], "metadata": {}}).encode()

    silenced = flawed.replace(COMPILE, f"{COMPILE}  # mllint: ignore[{RULE}]")
    assert rules(lint_source(notebook("%pip install keras", silenced), "n.ipynb")) == []
    elsewhere = lint_source(notebook(f"x = 1  # mllint: ignore[{RULE}]", flawed), "n.ipynb")
    assert [(finding.rule, finding.primary.cell) for finding in elsewhere.findings] == [
        ("unused-suppression", 1),
        (RULE, 2),
    ]


def test_an_unused_comment_is_a_finding_where_it_stands(sound):
    report = lint(sound.replace(COMPILE, f"{COMPILE}  # mllint: ignore[MLL101, logits] once true"))
    (finding,) = report.findings
    assert (finding.code, finding.primary.line, finding.primary.column) == ("MLL901", 8, len(COMPILE) + 3)
    assert finding.message == "nothing here for `MLL101`, `logits` to silence"


def test_a_comment_that_is_used_in_part_is_unused_in_part(flawed):
    report = lint(flawed.replace(COMPILE, f"{COMPILE}  # mllint: ignore[MLL101, MLL201]"))
    assert [finding.message for finding in report.findings] == ["nothing here for `MLL201` to silence"]
    assert report.findings[0].help == ("remove `MLL201`",)


def test_comments_of_rules_that_did_not_run_are_not_called_unused(sound):
    source = sound.replace(COMPILE, f"{COMPILE}  # mllint: ignore[MLL101]")
    assert rules(lint(source, ignore=("MLL101",))) == []
    assert rules(lint(source, ignore=("unused-suppression",))) == []


def test_a_comment_that_hides_what_only_pedants_see_is_used():
    source = """\
import unittest
import keras

class TestModel(unittest.TestCase):
    def test_it(self):
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(10, activation="sigmoid")])
        model.compile(loss="categorical_crossentropy")  # mllint: ignore[MLL101]
"""
    assert rules(lint(source)) == []
    assert rules(lint(source, pedantic=True)) == []


def test_unused_comments_are_found_where_no_model_is_left():
    assert rules(lint("x = 1  # mllint: ignore[MLL101]\n")) == ["unused-suppression"]
    assert rules(lint("x = 1  # noqa\ny = '# mllint: ignore[MLL101]'\n")) == []


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("# mllint: ignore", "`mllint: ignore` silences nothing"),
        ("# mllint: ignore[]", "`mllint: ignore[]` silences nothing"),
        ("# mllint: disable=MLL101", "`mllint: disable=MLL101` silences nothing"),
        ("# mllint:", "`mllint: nothing` silences nothing"),
        ("# mllint: ignore[MLL999]", "the comment silences nothing: unknown rule `MLL999`"),
        ("# mllint: ignore[sigmoid-with-crossentropy]", "did you mean `sigmoid-with-"),
        ("# noqa: MLL777", "the comment silences nothing: unknown rule `MLL777`"),
    ],
)
def test_a_comment_that_means_to_silence_and_cannot_is_a_finding(comment, message, flawed):
    report = lint(flawed.replace(COMPILE, f"{COMPILE}  {comment}"))
    assert sorted(rules(report)) == ["invalid-suppression", RULE]
    (invalid,) = [finding for finding in report.findings if finding.rule == "invalid-suppression"]
    assert message in invalid.message


def test_what_is_silenced_can_be_shown(mllint, write, flawed):
    write({"x.py": flawed.replace(COMPILE, f"{COMPILE}  # mllint: ignore[MLL101]")})
    run = mllint("x.py")
    assert (run.exit_code, run.stderr) == (0, "Found nothing in 1 file (1 setup judged, 1 suppressed)\n")
    shown = mllint("--ignore-suppressions", "x.py")
    assert shown.exit_code == 1
    assert "MLL101" in shown.stdout


@given(st.text(st.characters(exclude_characters="\r\n\f\0", exclude_categories=["Cs"]), max_size=40))
def test_any_comment_text_gives_findings_or_silence_never_a_crash(text):
    report = lint_source(f"x = 1  # mllint: {text}\ny = 2  # mllint: ignore[{text}]\n".encode(), "x.py")
    assert not report.errors
    assert {finding.rule for finding in report.findings} <= {"unused-suppression", "invalid-suppression"}


UNUSED_COMMENTS = {
    "the comment": ("x = 1  # mllint: ignore[MLL101] why", "x = 1"),
    "with its line": ("# mllint: ignore[MLL101] why\nx = 1", "x = 1"),
    "of the whole file": ("x = 1\n# mllint: ignore-file[structure]", "x = 1"),
    "one rule of two": (f"{COMPILE}  # mllint: ignore[{RULE}, MLL201]", f"{COMPILE}  # mllint: ignore[{RULE}]"),
    "not another tool's": ("x = 1  # noqa: E501,MLL101", "x = 1  # noqa: E501"),
    "not before it": ("x = 1  # type: ignore  # mllint: ignore[MLL101] #12", "x = 1  # type: ignore"),
    "not behind it": ("x = 1  # noqa: MLL101  # type: ignore", "x = 1  # type: ignore"),
    "not the task": (
        f"{COMPILE}  # mllint: task=multi-class # mllint: ignore[MLL201]  # mllint: ignore[{RULE}]",
        f"{COMPILE}  # mllint: task=multi-class  # mllint: ignore[{RULE}]",
    ),
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("before", "after"), UNUSED_COMMENTS.values(), ids=UNUSED_COMMENTS)
def test_what_silences_nothing_is_taken_out_and_nothing_else(before, after, newline, flawed):
    source, fixed = (
        flawed.replace(COMPILE, code if COMPILE in code else f"{code}\n{COMPILE}  # mllint: ignore[{RULE}]").replace(
            "\n", newline
        )
        for code in (before, after)
    )
    change = fix_source(source.encode(), SCRIPT, Settings(), SAFE)
    assert change.rewrite.after.decode() == fixed
    assert not change.report.findings and not change.refused


def test_one_comment_may_speak_to_several_tools(flawed):
    for comment in (f"# noqa: E501  # mllint: ignore[{RULE}]", f"# mllint: ignore[{RULE}] why  # noqa: E501"):
        assert len(lint(flawed.replace(COMPILE, f"{COMPILE}  {comment}")).suppressed) == 1


# ---------------------------------------------------------------- comments that other files may need

MODELS = """\
import keras


def build(n):
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(n, activation="sigmoid")])  # mllint: ignore[MLL101]
"""
TRAIN = """\
from models import build

model = build(10)
model.compile(loss="categorical_crossentropy")
"""


def test_a_comment_that_another_file_needs_is_neither_called_unused_nor_taken_out(mllint, write):
    write({"models.py": MODELS, "train.py": TRAIN})
    assert "Found nothing" in mllint(".").stderr
    for arguments in (["models.py"], ["--fix", "models.py"], ["--fix", "."], ["--fix", "--unsafe-fixes", "."]):
        run = mllint(*arguments)
        assert (run.exit_code, run.stdout) == (0, ""), arguments
    assert mllint("--diff", ".").stdout == ""
    assert (mllint.directory / "models.py").read_text() == MODELS


def test_a_comment_in_a_file_by_itself_is_called_unused(mllint, write):
    write({"models.py": MODELS})
    assert "MLL901" in mllint("--no-follow-imports", "models.py").stdout


COMMENT = "# mllint: ignore[MLL101]"


@pytest.mark.parametrize(
    ("code", "level"),
    [
        (f"model.compile()  {COMMENT}", "safe"),
        (f"{COMMENT}\nhistory = model.fit(x)", "safe"),
        (f"if __name__ == '__main__':\n    x = 1  {COMMENT}", "safe"),
        (f"x = 1\n{COMMENT}", "safe"),
        (f"def main():\n    model.compile()  {COMMENT}", "unsafe"),
        (f"try:\n    model.compile()  {COMMENT}\nexcept E:\n    pass", "safe"),
        (f"def main(model):\n    model.compile()  {COMMENT}", None),
        (f"class A:\n    def f(self):\n        model.compile()  {COMMENT}", None),
        (f"ACTIVATION = 'sigmoid'  {COMMENT}", None),
        (f"model.add(Dense(10))  {COMMENT}", None),
        (f"def f(): pass  {COMMENT}", None),
        (f"{COMMENT}\n@decorated\ndef f():\n    pass", None),
        (f"class A:  {COMMENT}\n    activation = 'sigmoid'", None),
        ("x = 1  # mllint: ignore-file[MLL101]", None),
    ],
)
def test_of_a_module_only_what_others_cannot_need_is_called_unused(code, level):
    fixes = [fix.applicability for finding in lint(f"{code}\n", "x.py").findings for fix in finding.fixes]
    assert fixes == ([level] if level else [])
