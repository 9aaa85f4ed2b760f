"""The JSON Schema of knowledge files accepts what is read, and not what is refused."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from mllint.rules.knowledge.fields import packaged
from mllint.rules.knowledge.load import SECTIONS
from mllint.rules.knowledge.schema import schema
from tests.plugins.conftest import KNOWLEDGE
from tests.plugins.test_knowledge_mistakes import MISTAKES

jsonschema = pytest.importorskip("jsonschema")

BEYOND_A_SCHEMA = {
    "a number": "JSON has none that is not a number",
    "a parameter": "it compares two values",
    "a signature": "it is Python",
    "a loss of one parameter": "it is Python",
    "what it is like": "the names of Keras are many",
    "a row twice": "what reads YAML keeps one of them",
    "a symbol twice": "it compares two rows",
    "YAML": "there is nothing to validate",
}


@pytest.fixture(scope="module")
def validator() -> Any:
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema())


@pytest.mark.parametrize("section", SECTIONS)
def test_our_own_rows_are_valid(section: str, validator: Any) -> None:
    content = {section: yaml.safe_load(packaged(SECTIONS[section].file))}
    assert [error.message for error in validator.iter_errors(content)] == []


def test_the_example_is_valid(validator: Any) -> None:
    assert validator.is_valid(yaml.safe_load(KNOWLEDGE.read_text(encoding="utf-8")))
    assert validator.is_valid(None)


@pytest.mark.parametrize("what", sorted(MISTAKES.keys() - BEYOND_A_SCHEMA.keys()))
def test_a_mistake_is_none_of_it(what: str, validator: Any) -> None:
    assert not validator.is_valid(yaml.safe_load(MISTAKES[what][0]))


@pytest.mark.parametrize("what", sorted(BEYOND_A_SCHEMA.keys() - {"YAML"}))
def test_what_it_cannot_tell(what: str, validator: Any) -> None:
    assert validator.is_valid(yaml.safe_load(MISTAKES[what][0]))
