"""The Reviewdog Diagnostic Format: valid, and its suggestions repair the file."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from mllint import engine
from mllint.findings import Edit, Fix
from mllint.reports import View, render
from mllint.reports.edits import joined
from mllint.results import FileReport
from tests.reports.sources import NOTEBOOKS, PROGRAM, every_kind

VALIDATOR = shutil.which("rdformat-validator")
SOURCES = {"python": PROGRAM.encode(), "crlf": PROGRAM.replace("\n", "\r\n").encode(), **NOTEBOOKS}


def document(reports: Sequence[FileReport]) -> dict[str, Any]:
    text = "".join(render("rdjson", reports, View()))
    parsed: dict[str, Any] = json.loads(text)
    json.dumps(parsed, ensure_ascii=False).encode()  # no lone surrogates
    return parsed


def linted(name: str) -> tuple[str, FileReport]:
    path = "n.ipynb" if name in NOTEBOOKS else "train.py"
    return path, engine.lint_source_with_fixes(SOURCES[name], path)


@pytest.mark.skipif(VALIDATOR is None, reason="npm install -g @umbrelladocs/rdformat-validator")
@pytest.mark.parametrize("name", [*every_kind(), "jupyter", "python"])
def test_every_document_is_valid(name: str, tmp_path: Path) -> None:
    reports = every_kind()[name] if name in every_kind() else [linted(name)[1]]
    path = tmp_path / "report.json"
    path.write_text(json.dumps(document(reports)), encoding="utf-8")
    assert VALIDATOR is not None
    run = subprocess.run([VALIDATOR, str(path)], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_finding_has_its_evidence_and_the_fixes() -> None:
    _, report = linted("python")
    (entry,) = document([report])["diagnostics"]
    assert entry["code"] == {"value": "MLL101"} and entry["severity"] == "ERROR"
    assert entry["location"] == {
        "path": "train.py",
        "range": {"start": {"line": 7, "column": 10}, "end": {"line": 7, "column": 36}},
    }
    assert [one["message"] for one in entry["related_locations"]][:2] == [
        "head: decides each unit by itself",
        "labels: labels are multi-hot",
    ]
    assert "fix (unsafe): train a sigmoid head with binary_crossentropy" in entry["message"].splitlines()


def applied(raw: bytes, suggestion: Mapping[str, Any]) -> bytes:
    """The file after a suggestion, of which columns count bytes."""
    lines = raw.splitlines(keepends=True)
    start, end = (suggestion["range"][key] for key in ("start", "end"))
    first = sum(map(len, lines[: start["line"] - 1])) + start["column"] - 1
    last = sum(map(len, lines[: end["line"] - 1])) + end["column"] - 1
    return raw[:first] + suggestion["text"].encode() + raw[last:]


@pytest.mark.parametrize("name", [name for name in SOURCES if name != "byte order mark"])
def test_suggestions_repair_the_file(name: str) -> None:
    path, report = linted(name)
    (entry,) = document([report])["diagnostics"]
    assert entry["suggestions"]
    for suggestion in entry["suggestions"]:
        after = engine.lint_source(applied(SOURCES[name], suggestion), path)
        assert not after.errors and "MLL101" not in {one.code for one in after.findings}


# ---------------------------------------------------------------- fixes of several edits

LINES = {("x.py", None, 1): "one(two, three)", ("x.py", None, 2): "four(five)", ("x.py", None, 9): "six()"}


def edit(line: int, column: int, end_column: int, text: str, **more: Any) -> Edit:
    given = {"path": "x.py", **more}
    return Edit(line=line, column=column, end_line=line, end_column=end_column, text=text, **given)


def test_edits_beside_each_other_are_one_suggestion() -> None:
    report = FileReport("x.py", lines=LINES)
    on_a_line = joined(Fix("t", "safe", (edit(1, 10, 15, "3"), edit(1, 5, 8, "2"))), report)
    assert on_a_line == edit(1, 5, 15, "2, 3")
    on_two = joined(Fix("t", "safe", (edit(1, 5, 8, "2"), edit(2, 6, 10, "5"))), report)
    assert on_two == Edit("x.py", 1, 5, 2, 10, "2, three)\nfour(5")


def test_edits_far_apart_are_none() -> None:
    report = FileReport("x.py", lines=LINES)
    assert joined(Fix("t", "safe", (edit(1, 5, 8, "2"), edit(9, 1, 4, "7"))), report) is None
    assert joined(Fix("t", "safe", (edit(1, 5, 8, "2"), edit(1, 1, 4, "7", path="y.py"))), report) is None
    assert joined(Fix("t", "safe", (edit(1, 5, 8, "2"), edit(1, 1, 4, "7", cell=2))), report) is None
