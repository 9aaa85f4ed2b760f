"""Workflow commands, read as the runner of GitHub Actions reads them."""

from __future__ import annotations

import json
import re

import pytest

from mllint import engine
from mllint.findings import Severity
from mllint.reports import View, render
from mllint.reports.style import plain
from mllint.results import Diagnostic, FileReport, NotJudged
from tests.reports.sources import HOSTILE, NOTEBOOKS, PROGRAM, finding, hostile_report, location

COMMAND = re.compile(r"::(?P<name>\w+) (?P<properties>.*?)::(?P<message>.*)")


def commands(report: FileReport, view: View | None = None) -> list[tuple[str, dict[str, str], str]]:
    """Name, properties and message, unescaped as in actions/runner's ActionCommand.cs."""
    lines = [line for text in render("github", [report], view or View()) for line in re.split("\r\n?|\n", text)]
    found = [COMMAND.fullmatch(line) for line in lines]
    assert all(found), lines
    return [
        (one["name"], dict(map(_property, one["properties"].split(","))), _unescaped(one["message"]))
        for one in found
        if one
    ]


def _property(text: str) -> tuple[str, str]:
    key, _, value = text.partition("=")
    return key, _unescaped(value.replace("%3A", ":").replace("%2C", ","))


def _unescaped(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def test_a_finding_is_an_annotation_on_its_place() -> None:
    (command,) = commands(engine.lint_source(PROGRAM.encode(), "train.py"))
    name, properties, message = command
    assert name == "error"
    assert properties == {
        "file": "train.py",
        "line": "7",
        "endLine": "7",
        "col": "10",
        "endColumn": "36",
        "title": "MLL101 sigmoid-with-categorical-crossentropy",
    }
    first, *more = message.splitlines()
    assert first.startswith("train.py:7:10: sigmoid over 10 units with categorical_crossentropy")
    assert more == ["help: loss='binary_crossentropy'"]


def test_severities_have_their_commands() -> None:
    report = FileReport("x.py", tuple(finding(location(line=one + 1), severity=one) for one in Severity))
    assert [name for name, _, _ in commands(report)] == ["notice", "warning", "error"]


@pytest.mark.parametrize("raw", NOTEBOOKS.values(), ids=NOTEBOOKS)
def test_the_annotation_of_a_notebook_is_on_the_line_that_holds_the_source(raw: bytes) -> None:
    (command,) = commands(engine.lint_source(raw, "n.ipynb"))
    _, properties, message = command
    text = raw.decode(json.detect_encoding(raw))
    assert "cat" in text.splitlines()[int(properties["line"]) - 1]
    assert message.startswith("n.ipynb:cell ")


def test_columns_go_with_one_line_only() -> None:
    report = FileReport("x.py", (finding(location(line=2, column=5, end_line=4, end_column=3)),))
    ((_, properties, _),) = commands(report)
    assert properties["line"] == "2" and properties["endLine"] == "4"
    assert "col" not in properties and "endColumn" not in properties


def test_models_and_files_have_no_line() -> None:
    report = FileReport("m.keras", (finding(location(path="m.keras", part="layer dense_1")),))
    ((_, properties, message),) = commands(report)
    assert properties["file"] == "m.keras" and "line" not in properties
    assert message.startswith("m.keras: layer dense_1: wrong")


def test_what_went_wrong_is_an_error_where_it_is() -> None:
    report = FileReport("x.py", errors=(Diagnostic("x.py", "cannot parse", 3, 4), Diagnostic("x.py", "cannot read")))
    assert commands(report) == [
        ("error", {"file": "x.py", "line": "3", "col": "4", "title": "mllint"}, "x.py: cannot parse"),
        ("error", {"file": "x.py", "title": "mllint"}, "x.py: cannot read"),
    ]


def test_what_was_not_judged_is_said_when_asked() -> None:
    report = FileReport("x.py", not_judged=(NotJudged(location(), "head", "it is loaded"),))
    assert commands(report) == []
    ((name, _, message),) = commands(report, View(show_not_judged=True))
    assert (name, message) == ("notice", "x.py:1:1: not judged head: it is loaded")


def test_hostile_text_stays_inside_its_command() -> None:
    found = commands(hostile_report(), View(show_not_judged=True))
    assert len(found) == 6
    _, properties, message = found[0]
    newline_kept = "\n".join(map(plain, HOSTILE.split("\n")))
    assert properties["file"] == f"dir with spaces/{newline_kept}.py"
    assert plain(HOSTILE) in message
