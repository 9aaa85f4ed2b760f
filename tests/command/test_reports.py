"""What the formats make of findings that real files rarely show together."""

from __future__ import annotations

import json

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mllint.findings import Finding, Location, Severity
from mllint.reports import View, render
from mllint.reports.style import width
from mllint.results import Diagnostic, FileReport, NotJudged, Suppressed


def location(line: int, start: int, end: int, role="loss", message="said", cell=None, end_line=None) -> Location:
    return Location(role, "x.py", line, start, end_line or line, end, message, cell)


def finding(*locations: Location, help_: tuple[str, ...] = ()) -> Finding:
    return Finding("a-rule", "MLL999", Severity.ERROR, "it cannot work", locations, help_)


def full(*locations: Location, lines: dict, help_: tuple[str, ...] = ()) -> list[str]:
    report = FileReport("x.py", (finding(*locations, help_=help_),), lines=lines)
    return [click.unstyle(line) for line in render("full", [report], View())]


def test_full_marks_every_location_in_source_order_the_primary_with_carets():
    shown = full(
        location(12, 9, 14),
        location(3, 1, 5, role="head", message="here"),
        lines={("x.py", None, 12): "compile(a, b=1)", ("x.py", None, 3): "head()"},
        help_=("do this", "or that"),
    )
    assert shown == [
        "error[MLL999] a-rule: it cannot work",
        "  --> x.py:12:9",
        "   |",
        " 3 | head()",
        "   | ---- head: here",
        "...",
        "12 | compile(a, b=1)",
        "   |         ^^^^^ loss: said",
        "   = help: do this",
        "   = help: or that",
        "",
    ]


def test_full_shows_each_notebook_cell_in_a_frame_of_its_own():
    shown = full(location(1, 1, 2, cell=4), location(1, 1, 2, cell=2), lines={("x.py", 4, 1): "b", ("x.py", 2, 1): "a"})
    assert [line for line in shown if "x.py" in line] == [" --> x.py:cell 4:1:1", " ::: x.py:cell 2:1:1"]


def test_two_marks_on_one_line_show_the_line_once():
    shown = full(location(1, 1, 2), location(1, 5, 6, message="too"), lines={("x.py", None, 1): "a = b"})
    assert shown[3:6] == ["1 | a = b", "  | ^ loss: said", "  |     - loss: too"]


def test_a_mark_over_several_lines_runs_to_the_end_of_the_first():
    shown = full(location(1, 5, 2, end_line=4), lines={("x.py", None, 1): "x = f("})
    assert shown[4] == "  |     ^^ loss: said"


@pytest.mark.parametrize("code", ["\tx = '…' + y", "x = '日本語' + y", "x = '\x1b[31m' + y"])
def test_marks_stand_under_wide_and_invisible_characters(code):
    column = code.index("y") + 1
    code_line, mark_line = full(location(1, column, column + 1), lines={("x.py", None, 1): code})[3:5]
    assert "\x1b" not in code_line and "\t" not in code_line
    assert width(code_line[: code_line.index("y")]) == width(mark_line[: mark_line.index("^")])


def test_a_long_line_is_clipped_around_its_mark():
    code = "a" * 500 + "HERE" + "b" * 500
    code_line, mark_line = full(location(1, 501, 505), lines={("x.py", None, 1): code})[3:5]
    assert len(code_line) < 130
    assert code_line[mark_line.index("^") : mark_line.rindex("^") + 1] == "HERE"


@given(st.text(max_size=300), st.integers(1, 320), st.integers(0, 50), st.integers(1, 320))
def test_whatever_the_code_the_frame_has_one_line_for_code_and_one_for_each_mark(code, start, length, other):
    shown = full(location(1, start, start + length), location(1, other, other + 1), lines={("x.py", None, 1): code})
    assert len(shown) == 7
    assert all("\n" not in line and "\r" not in line for line in shown)
    assert sum("^" in line for line in shown[4:6]) == 1


def test_json_follows_its_contract():
    report = FileReport(
        "x.py",
        (finding(location(2, 3, 4, cell=1), help_=("do this",)),),
        (NotJudged(location(5, 1, 2, role="evidence"), "head", "it is loaded", "output_1"),),
        (Diagnostic("x.py", "rule crashed", 1, 1),),
        suppressed=(Suppressed(finding(location(9, 1, 2)), "meant so"),) * 2,
        in_baseline=(finding(location(8, 1, 2)),) * 5,
        judged=3,
        labels_not_known=4,
    )
    document = json.loads("\n".join(render("json", [report], View())))
    place = {"role": "loss", "path": "x.py", "line": 2, "column": 3, "end_line": 2, "end_column": 4, "message": "said"}
    place["part"] = None
    assert document == {
        "version": 1,
        "findings": [
            {
                "rule": "a-rule",
                "code": "MLL999",
                "severity": "error",
                "message": "it cannot work",
                "path": "x.py",
                "locations": [place | {"cell": 1}],
                "help": ["do this"],
                "fixes": [],
            }
        ],
        "not_judged": [
            {
                "location": place
                | {"role": "evidence", "line": 5, "column": 1, "end_line": 5, "end_column": 2, "cell": None},
                "what": "head",
                "reason": "it is loaded",
                "output": "output_1",
            }
        ],
        "errors": [{"path": "x.py", "message": "rule crashed", "line": 1, "column": 1, "cell": None}],
        "applied": [],
        "refused": [],
        "summary": {
            "files": 1,
            "error": 1,
            "warning": 0,
            "info": 0,
            "rules": {"a-rule": 1},
            "suppressed": 2,
            "in_baseline": 5,
            "on_unchanged_lines": 0,
            "judged": 3,
            "labels_not_known": 4,
            "not_judged": 1,
            "errors": 1,
        },
    }


def test_json_of_nothing_is_still_a_document():
    assert json.loads("\n".join(render("json", [], View())))["findings"] == []
