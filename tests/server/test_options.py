"""The settings of the editor, as they are documented."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from mllint.server.options import DEBOUNCE, Options
from mllint.settings import SettingsError

PAGE = (Path(__file__).parents[2] / "docs" / "editors.md").read_text(encoding="utf-8")


def test_the_page_names_all_of_them() -> None:
    table = PAGE.partition("### Settings")[2].partition("###")[0]
    named = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", table, re.MULTILINE)
    own = {field.name for field in fields(Options)} - {"more", "table"}
    assert {name for name, _ in named} == own | {"extendSelect", "ignore"}
    assert dict(named)["debounce"] == str(DEBOUNCE)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (7, "expected an object"),
        ({"enable": "no"}, "key `enable`: expected true or false"),
        ({"debounce": -1}, "key `debounce`: expected milliseconds, from 0 to 60000"),
        ({"select": "MLL101"}, "key `select`: expected a list of strings"),
        ({"select": ["MLL999"]}, "unknown rule `MLL999`"),
        ({"config": 1}, "key `config`: expected a string"),
        ({"unsafeFixes": 1}, "key `unsafe-fixes`"),
        ({"mllint": {"selct": []}}, "unknown key `selct`; did you mean `select`?"),
    ],
)
def test_mistakes_are_said(said: Any, message: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(message)):
        Options.read(said)


def test_what_is_null_is_not_set() -> None:
    assert Options.read({"select": None, "pedantic": None, "enable": None}) == Options()


def test_a_missing_configuration_file_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such file"):
        Options.read({"config": "missing.toml"}).finder(tmp_path)
