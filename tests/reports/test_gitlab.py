"""The code quality report, by the rules of https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from mllint import engine
from mllint.findings import Severity
from mllint.reports import View, render
from mllint.results import FileReport
from tests.reports.sources import NOTEBOOKS, PROGRAM, every_kind, finding, location

SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def entries(reports: Sequence[FileReport]) -> list[dict[str, Any]]:
    text = "".join(render("gitlab", reports, View()))
    parsed: list[dict[str, Any]] = json.loads(text)
    json.dumps(parsed, ensure_ascii=False).encode()  # no lone surrogates
    return parsed


@pytest.mark.parametrize("reports", every_kind().values(), ids=every_kind())
def test_every_entry_has_what_is_required(reports: Sequence[FileReport]) -> None:
    found = entries(reports)
    assert len(found) == sum(len(report.findings) + len(report.errors) for report in reports)
    for entry in found:
        assert all(isinstance(entry[key], str) and entry[key] for key in ("description", "check_name", "fingerprint"))
        assert entry["severity"] in SEVERITIES
        assert not entry["location"]["path"].startswith("./")
        lines = entry["location"]["lines"]
        assert 1 <= lines["begin"] <= lines.get("end", lines["begin"])


def test_fingerprints_are_unique() -> None:
    twice = FileReport("x.py", (finding(location(line=1)), finding(location(line=2))))
    assert len({entry["fingerprint"] for entry in entries([twice])}) == 2


def test_severities_are_ordered_as_ours() -> None:
    report = FileReport("x.py", tuple(finding(location(line=one + 1), severity=one) for one in Severity))
    assert [entry["severity"] for entry in entries([report])] == ["info", "major", "critical"]


@pytest.mark.parametrize("raw", NOTEBOOKS.values(), ids=NOTEBOOKS)
def test_a_notebook_is_located_in_its_file(raw: bytes) -> None:
    (entry,) = entries([engine.lint_source(raw, "n.ipynb")])
    text = raw.decode(json.detect_encoding(raw))
    assert "cat" in text.splitlines()[entry["location"]["lines"]["begin"] - 1]
    assert entry["description"].endswith(("(cell 2)", "(cell 3)"))


def test_a_finding_in_words() -> None:
    (entry,) = entries([engine.lint_source(PROGRAM.encode(), "train.py")])
    assert entry["check_name"] == "sigmoid-with-categorical-crossentropy"
    assert entry["location"] == {"path": "train.py", "lines": {"begin": 7, "end": 7}}
