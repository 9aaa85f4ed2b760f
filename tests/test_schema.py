"""The JSON Schema of the configuration accepts what the settings accept, and rejects what they reject."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mllint import registry
from mllint.settings import KEYS, Settings, SettingsError
from mllint.settings.schema import schema

SCHEMA = schema()
VALIDATOR = Draft202012Validator(SCHEMA)
NAMES = [rule.name for rule in registry.rules()]


def settings_accept(table: dict[str, Any]) -> bool:
    try:
        Settings().with_table(table, "a test", Path("/project"))
    except SettingsError:
        return False
    return True


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


def test_what_is_not_a_key_is_meant_not_to_be():
    assert {field.name.replace("_", "-") for field in fields(Settings)} - KEYS.keys() == {
        "ignore-suppressions",
        "source",
    }


@pytest.mark.parametrize("key", KEYS)
def test_every_key_has_a_schema_help_and_a_default_that_is_valid(key):
    entry = SCHEMA["properties"][key]
    assert KEYS[key].kind.schema.items() <= entry.items()
    assert entry["description"] == KEYS[key].help
    assert KEYS[key].help[0].isupper() and KEYS[key].help.endswith(".")
    VALIDATOR.validate({key: entry["default"]})


def test_the_defaults_are_those_of_the_settings():
    defaults = {key: entry["default"] for key, entry in SCHEMA["properties"].items()}
    assert json.loads(json.dumps(Settings().with_table(defaults, "a test", Path.cwd()).as_table())) == defaults


def any_case(word: str) -> st.SearchStrategy[str]:
    return st.sampled_from([word, word.upper(), word.title(), word.replace("-", "_")])


RULES = st.one_of(
    st.sampled_from([*NAMES, "all", "ALL", "head-loss", "logits", "Labels"]).flatmap(any_case),
    st.sampled_from([rule.code for rule in registry.rules()]).flatmap(
        lambda code: st.integers(0, len(code) + 1).map(lambda end: (code + "0")[:end])
    ),
    st.sampled_from(["mll", "mll1", "MLL999", "one-unit-softmaxx", "", " all", "logits ", "rule"]),
)
PATTERNS = st.one_of(
    st.sampled_from(["docs/", "!", "! ", "!/", "a\\", "a\\\\", "\\", "[", "", "#", "**/*.py", "\n", "é"]),
    st.text("!\\ a*[]/#\n", max_size=4),
)
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-1, 1),
    st.floats(0, 1),
    st.sampled_from(["full", "json", "error", "Error", "binary", ""]),
)
VALUES = st.one_of(
    SCALARS,
    st.lists(RULES, max_size=3),
    st.lists(PATTERNS, max_size=3),
    st.lists(SCALARS, max_size=2),
    st.dictionaries(PATTERNS, st.lists(RULES, max_size=2), max_size=2),
    st.dictionaries(PATTERNS, st.sampled_from(["binary", "multi-label", "Regression", "regression"]), max_size=2),
    st.dictionaries(PATTERNS, SCALARS, max_size=2),
)
READ_FROM_DISK = {"knowledge"}
"""Keys whose files are read with the settings: whether those are there no schema can tell."""
FOR_KEY = st.sampled_from([*sorted(KEYS.keys() - READ_FROM_DISK), "fail_level", "Select", "unknown", ""])


@settings(deadline=None)
@given(st.dictionaries(FOR_KEY, VALUES, min_size=1, max_size=2))
def test_schema_and_settings_agree_on_every_table(table):
    assert VALIDATOR.is_valid(table) == settings_accept(table)


@pytest.mark.parametrize("value", ["team.yaml", [1], {}, True])
def test_files_to_read_are_a_list_of_paths(value):
    assert not VALIDATOR.is_valid({"knowledge": value})
    assert not settings_accept({"knowledge": value})


def test_the_command_prints_the_schema_of_what_is_asked_for():
    for arguments, title in (((), "mllint"), (("config",), "mllint"), (("knowledge",), "mllint knowledge")):
        command = [sys.executable, "-m", "mllint", "schema", *arguments]
        printed = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        Draft202012Validator.check_schema(printed)
        assert printed["title"] == title
