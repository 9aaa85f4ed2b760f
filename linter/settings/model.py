"""What is asked of a run, and how a TOML table changes it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from mllint.facts import Task
from mllint.findings import Severity
from mllint.settings.mistakes import SettingsError
from mllint.settings.patterns import DEFAULT_EXCLUDE, Patterns
from mllint.settings.values import READERS


@dataclass(frozen=True, slots=True)
class Settings:
    """What is asked of a run."""

    select: tuple[str, ...] = ("all",)
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[Patterns, tuple[str, ...]], ...] = ()
    per_file_tasks: tuple[tuple[Patterns, Task], ...] = ()
    fix: bool = False
    unsafe_fixes: bool = False
    fixable: tuple[str, ...] = ("all",)
    unfixable: tuple[str, ...] = ()
    extend_safe_fixes: tuple[str, ...] = ()
    """Rules whose unsafe fixes are taken for safe."""
    extend_unsafe_fixes: tuple[str, ...] = ()
    """Rules whose safe fixes are taken for unsafe."""
    baseline: Path | None = None
    """The absolute path of the file that says which findings to leave out."""
    exclude: Patterns = field(default_factory=lambda: Patterns(DEFAULT_EXCLUDE, Path.cwd()))
    extend_exclude: tuple[Patterns, ...] = ()
    force_exclude: bool = False
    pedantic: bool = False
    fail_level: Severity = Severity.WARNING
    output_format: str = "full"
    show_not_judged: bool = False
    show_refused: bool = False
    ignore_suppressions: bool = field(default=False, metadata={"is_key": False})
    source: Path | None = field(default=None, metadata={"is_key": False})
    """The file these settings come from."""

    def with_table(self, table: Mapping[str, Any], source: str, root: Path) -> Settings:
        """These settings with the keys of a TOML table laid over; its patterns are relative to `root`.

        Raises SettingsError.
        """
        changes: dict[str, Any] = {
            _field(key, source): _value(key, value, source, root) for key, value in table.items()
        }
        return replace(self, **changes)

    def excludes(self, path: Path, is_directory: bool, named: Path) -> bool:
        """Whether an absolute path that was reached from `named` is not to be linted."""
        return any(patterns.cover(path, is_directory, named) for patterns in (self.exclude, *self.extend_exclude))

    def rules_ignored_for(self, path: Path) -> tuple[str, ...]:
        """The selectors that `per_file_ignores` holds for an absolute path."""
        return tuple(rule for rules in _covering(self.per_file_ignores, path) for rule in rules)

    def task_for(self, path: Path) -> Task | None:
        """The task that `per_file_tasks` states for an absolute path; the last pattern that covers it wins."""
        return next(reversed(list(_covering(self.per_file_tasks, path))), None)

    def as_toml(self) -> Iterator[str]:
        """The settings as lines of TOML, each key once."""
        import json

        for key in KEYS:
            value = getattr(self, key.replace("-", "_"))
            if key in ("per-file-ignores", "per-file-tasks"):
                value = ", ".join(f"{json.dumps(patterns.globs[0])} = {json.dumps(said)}" for patterns, said in value)
                yield f"{key} = {{ {value} }}" if value else f"{key} = {{}}"
            elif key == "extend-exclude":
                yield f"{key} = {json.dumps([glob for patterns in value for glob in patterns.globs])}"
            elif isinstance(value, Patterns):
                yield f"{key} = {json.dumps(value.globs)}"
            elif key == "baseline":
                yield f"{key} = {json.dumps(str(value or ''))}"
            elif isinstance(value, Severity):
                yield f"{key} = {json.dumps(value.label)}"
            else:
                yield f"{key} = {json.dumps(value)}"


Said = TypeVar("Said")


def _covering(table: Sequence[tuple[Patterns, Said]], path: Path) -> Iterator[Said]:
    """What a table by pattern says of an absolute path."""
    for patterns, said in table:
        if path.is_relative_to(patterns.root) and patterns.cover(path, False, patterns.root):
            yield said


KEYS: Final = tuple(item.name.replace("_", "-") for item in fields(Settings) if item.metadata.get("is_key", True))


def _field(key: str, source: str) -> str:
    if key in KEYS:
        return key.replace("-", "_")
    nearest = difflib.get_close_matches(key.replace("_", "-"), KEYS, n=1, cutoff=0.5)
    advice = f"did you mean `{nearest[0]}`?" if nearest else f"valid keys: {', '.join(KEYS)}"
    raise SettingsError(source, f"unknown key `{key}`; {advice}")


def _value(key: str, value: object, source: str, root: Path) -> object:
    try:
        return READERS[key](value, root)
    except ValueError as error:
        raise SettingsError(source, f"key `{key}`: {error}") from None
