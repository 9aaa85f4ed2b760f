"""JSON and JSON lines keep to the schema that is published, and the schema leaves out nothing that they hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mllint import engine
from mllint.findings import Location
from mllint.reports import Fixing, View, render
from mllint.results import AppliedFix, FileReport, RefusedFix
from tests.reports.sources import NOTEBOOKS, PROGRAM, every_kind

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schemas/output-v1.schema.json").read_text(encoding="utf-8"))
PLACE = Location("loss", "x.py", 1, 1, 1, 2, "")
FIXED = View(
    fixing=Fixing(
        (AppliedFix("a-rule", "MLL999", "do it", "safe", PLACE),),
        (RefusedFix("a-rule", "MLL999", "do it", PLACE, "it would not parse"),),
    )
)


def closed(schema: Any) -> Any:
    """The schema with no keys allowed but those that it names."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    names_keys = schema.get("type") == "object" and "properties" in schema and "additionalProperties" not in schema
    return inner | {"additionalProperties": False} if names_keys else inner


def runs() -> Iterator[tuple[str, Sequence[FileReport], View]]:
    for name, reports in every_kind().items():
        yield name, reports, View()
    yield "source", [engine.lint_source_with_fixes(PROGRAM.encode(), "train.py")], View()
    yield "notebook", [engine.lint_source_with_fixes(NOTEBOOKS["jupyter"], "n.ipynb")], View()
    yield "fixed", [], FIXED


RUNS = {name: (reports, view) for name, reports, view in runs()}


@pytest.mark.parametrize("name", RUNS)
def test_json_has_the_keys_of_the_schema_and_no_others(name: str) -> None:
    reports, view = RUNS[name]
    document = json.loads("".join(render("json", reports, view)))
    jsonschema.Draft202012Validator(closed(SCHEMA)).validate(document)


@pytest.mark.parametrize("name", RUNS)
def test_json_lines_are_what_the_json_holds(name: str) -> None:
    reports, view = RUNS[name]
    lines = [json.loads(line) for line in render("jsonl", reports, view)]
    validator = jsonschema.Draft202012Validator({"$ref": "#/$defs/line", "$defs": SCHEMA["$defs"]})
    for line in lines:
        validator.validate(line)
    document = json.loads("".join(render("json", reports, view)))
    kinds = {"findings": "finding", "errors": "error"}
    for key in ("findings", "not_judged", "errors", "applied", "refused"):
        kind = kinds.get(key, key)
        assert [line for line in lines if line["kind"] == kind] == [{"kind": kind, **one} for one in document[key]]
    assert lines[-1] == {"kind": "summary", "version": 1, **document["summary"]}


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("wrong", [{"findings": {}}, {"version": 2}, {"findings": [{"rule": "a"}]}])
def test_the_schema_refuses_what_is_wrong(wrong: dict[str, Any]) -> None:
    document = json.loads("".join(render("json", [], View())))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(document | wrong)
