"""The kinds of values that keys have: read from TOML, written again, and described by JSON Schema."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast, get_args

from mllint.findings import Severity
from mllint.reports import FORMATS
from mllint.settings.patterns import Patterns, compiled

if TYPE_CHECKING:
    from mllint.facts import Task

OUTPUT_FORMATS: Final = tuple(FORMATS)
SEVERITIES: Final = tuple(severity.label for severity in Severity)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value. What `plain` makes of a value, `read` reads back, and `schema` describes."""

    read: Callable[[object, Path], Any]
    """From TOML to Settings; paths and patterns are relative to the directory. Raises ValueError."""
    plain: Callable[[Any], object]
    """From Settings to TOML."""
    schema: Mapping[str, object]
    """A fragment of JSON Schema; its references are to the definitions in `mllint.settings.schema`."""


# ---------------------------------------------------------------- reading


def _strings(value: object, root: Path) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise ValueError(f"expected a list of strings, found {toml_type(value)}")


def _selectors(value: object, root: Path) -> tuple[str, ...]:
    from mllint import registry

    selectors = _strings(value, root)
    for selector in selectors:
        registry.matching(selector)
    return selectors


def _more_patterns(value: object, root: Path) -> tuple[Patterns, ...]:
    return (_patterns(value, root),)


def _patterns(value: object, root: Path) -> Patterns:
    globs = _strings(value, root)
    for glob in globs:
        try:
            compiled((glob,))
        except ValueError:
            raise ValueError(f"not a pattern: {glob!r}") from None
    return Patterns(globs, root)


def _ignores_by_pattern(value: object, root: Path) -> tuple[tuple[Patterns, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise ValueError(f"expected a table of pattern = [rules], found {toml_type(value)}")
    return tuple((_patterns([glob], root), _selectors(rules, root)) for glob, rules in value.items())


def _tasks_by_pattern(value: object, root: Path) -> tuple[tuple[Patterns, Task], ...]:
    if not isinstance(value, dict):
        raise ValueError(f"expected a table of pattern = task, found {toml_type(value)}")
    return tuple((_patterns([glob], root), cast("Task", _one_of(tasks(), task))) for glob, task in value.items())


def tasks() -> tuple[str, ...]:
    """What a model may be stated to be for."""
    from mllint.facts import Task

    return get_args(Task)


def _file(value: object, root: Path) -> Path | None:
    if isinstance(value, str):
        return Path(os.path.abspath(root / value)) if value else None
    raise ValueError(f"expected a path, found {toml_type(value)}")


def _knowledge(value: object, root: Path) -> tuple[Path, ...]:
    """Raises SettingsError, located in the knowledge file, where one is wrong."""
    from mllint.knowledge_files import check

    files = tuple(Path(os.path.abspath(root / name)) for name in _strings(value, root))
    if files:
        check(files)
    return files


def _boolean(value: object, root: Path) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"expected true or false, found {toml_type(value)}")


def _severity(value: object, root: Path) -> Severity:
    return Severity[_one_of(SEVERITIES, value).upper()]


def _output_format(value: object, root: Path) -> str:
    return _one_of(OUTPUT_FORMATS, value)


def _one_of(valid: Sequence[str], value: object) -> str:
    if isinstance(value, str) and value in valid:
        return value
    found = f'"{value}"' if isinstance(value, str) else toml_type(value)
    raise ValueError(f"expected one of {', '.join(valid)}; found {found}")


def toml_type(value: object) -> str:
    names = {bool: "a boolean", str: "a string", int: "an integer", float: "a float", dict: "a table"}
    return "a list with other things" if isinstance(value, list) else names.get(type(value), type(value).__name__)


# ---------------------------------------------------------------- writing


def _same(value: object) -> object:
    return value


def _globs(patterns: Patterns) -> list[str]:
    return list(patterns.globs)


def _all_globs(several: Sequence[Patterns]) -> list[str]:
    return [glob for patterns in several for glob in patterns.globs]


def _by_pattern(table: Sequence[tuple[Patterns, Any]]) -> dict[str, object]:
    return {patterns.globs[0]: list(said) if isinstance(said, tuple) else said for patterns, said in table}


def _label(severity: Severity) -> str:
    return severity.label


def _paths(paths: Sequence[Path]) -> list[str]:
    return [str(path) for path in paths]


def _path(path: Path | None) -> str:
    return str(path or "")


# ---------------------------------------------------------------- the kinds

_LIST_OF_RULES: Final = {"type": "array", "items": {"$ref": "#/$defs/rules"}}
_LIST_OF_PATTERNS: Final = {"type": "array", "items": {"$ref": "#/$defs/pattern"}}


def _table_by_pattern(said: Mapping[str, object]) -> Mapping[str, object]:
    return {"type": "object", "propertyNames": {"$ref": "#/$defs/pattern"}, "additionalProperties": said}


BOOLEAN: Final = Kind(_boolean, _same, {"type": "boolean"})
FILE: Final = Kind(_file, _path, {"type": "string"})
KNOWLEDGE: Final = Kind(_knowledge, _paths, {"type": "array", "items": {"type": "string"}})
OUTPUT_FORMAT: Final = Kind(_output_format, _same, {"enum": list(OUTPUT_FORMATS)})
SEVERITY: Final = Kind(_severity, _label, {"enum": list(SEVERITIES)})
RULES: Final = Kind(_selectors, list, _LIST_OF_RULES)
RULES_BY_PATTERN: Final = Kind(_ignores_by_pattern, _by_pattern, _table_by_pattern(_LIST_OF_RULES))
TASKS_BY_PATTERN: Final = Kind(_tasks_by_pattern, _by_pattern, _table_by_pattern({"$ref": "#/$defs/task"}))
PATTERNS: Final = Kind(_patterns, _globs, _LIST_OF_PATTERNS)
MORE_PATTERNS: Final = Kind(_more_patterns, _all_globs, _LIST_OF_PATTERNS)
