"""The JSON Schema of mllint.toml and [tool.mllint], for editors: completion, help, and mistakes while one types.

It accepts what `Settings.with_table` accepts, for the rules that are installed.
"""

from __future__ import annotations

from collections.abc import Iterable

from mllint import registry
from mllint.settings.keys import KEYS
from mllint.settings.model import Settings
from mllint.settings.values import tasks

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, object]:
    """The schema, in draft 2020-12 of JSON Schema."""
    defaults = Settings().as_table()
    return {
        "$schema": DIALECT,
        "title": "mllint",
        "description": "Configuration of mllint: the top level of mllint.toml, or [tool.mllint] in pyproject.toml.",
        "type": "object",
        "properties": {
            name: {"description": key.help, "default": defaults[name], **key.kind.schema} for name, key in KEYS.items()
        },
        "additionalProperties": False,
        "$defs": {"rules": _rules(), "pattern": _pattern(), "task": {"enum": list(tasks())}},
    }


def _rules() -> dict[str, object]:
    """What means rules. The names are listed for completion; any case will do, and `_` for `-`."""
    rules = registry.rules()
    families = sorted({rule.family for rule in rules})
    names = [rule.name for rule in rules]
    codes = [rule.code for rule in rules]
    beginnings = sorted({rule.code[:end] for rule in rules for end in range(len(rule.prefix), len(rule.code))})
    return {
        "type": "string",
        "description": "A rule's name or code, the beginning of a code, a family, or all.",
        "anyOf": [
            {"enum": [registry.ALL, *families, *names, *codes]},
            {"pattern": _in_any_case([registry.ALL, *families, *names]), "title": "a name in another spelling"},
            {"pattern": _in_any_case([*beginnings, *codes]), "title": "the beginning of a code"},
        ],
    }


def _in_any_case(words: Iterable[str]) -> str:
    """A regular expression: the dialect has no flag for it."""
    return f"^({'|'.join(''.join(map(_either, word)) for word in words)})$"


def _either(character: str) -> str:
    if character == "-":
        return "[-_]"
    return f"[{character.upper()}{character.lower()}]" if character.isalpha() else character


def _pattern() -> dict[str, object]:
    return {
        "type": "string",
        "description": "A pattern of paths, as in .gitignore, relative to the directory of this file.",
        "not": {"pattern": r"^! *$|(^|[^\\])(\\\\)*\\$"},
    }
