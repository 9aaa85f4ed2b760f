"""From the values of a TOML table to those of Settings, key by key. Each reader raises ValueError."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, cast, get_args

from mllint.facts import Task
from mllint.findings import Severity
from mllint.settings.patterns import Patterns, compiled

OUTPUT_FORMATS: Final = ("full", "concise", "json")


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
    return tuple((_patterns([glob], root), cast(Task, _one_of(get_args(Task), task))) for glob, task in value.items())


def _file(value: object, root: Path) -> Path | None:
    if isinstance(value, str):
        return Path(os.path.abspath(root / value)) if value else None
    raise ValueError(f"expected a path, found {toml_type(value)}")


def _boolean(value: object, root: Path) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"expected true or false, found {toml_type(value)}")


def _severity(value: object, root: Path) -> Severity:
    return Severity[_one_of([severity.label for severity in Severity], value).upper()]


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


READERS: Final[Mapping[str, Callable[[object, Path], object]]] = {
    "select": _selectors,
    "extend-select": _selectors,
    "ignore": _selectors,
    "per-file-ignores": _ignores_by_pattern,
    "per-file-tasks": _tasks_by_pattern,
    "fixable": _selectors,
    "unfixable": _selectors,
    "extend-safe-fixes": _selectors,
    "extend-unsafe-fixes": _selectors,
    "exclude": _patterns,
    "extend-exclude": _more_patterns,
    "force-exclude": _boolean,
    "pedantic": _boolean,
    "fail-level": _severity,
    "output-format": _output_format,
    "show-not-judged": _boolean,
    "fix": _boolean,
    "unsafe-fixes": _boolean,
    "show-refused": _boolean,
    "baseline": _file,
}
