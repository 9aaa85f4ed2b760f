"""What is asked of a run, and how a TOML table changes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mllint.findings import Severity
from mllint.settings.keys import KEYS
from mllint.settings.mistakes import SettingsError
from mllint.settings.patterns import DEFAULT_EXCLUDE, Patterns
from mllint.settings.toml import written

if TYPE_CHECKING:
    from mllint.facts import Task


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
    follow_imports: bool = True
    """Whether other files of a program are read for what it imports from them."""
    exclude: Patterns = field(default_factory=lambda: Patterns(DEFAULT_EXCLUDE, Path.cwd()))
    extend_exclude: tuple[Patterns, ...] = ()
    force_exclude: bool = False
    knowledge: tuple[Path, ...] = ()
    """The absolute paths of files that say what a team's own losses, layers, metrics and data mean."""
    pedantic: bool = False
    fail_level: Severity = Severity.WARNING
    output_format: str = "full"
    show_not_judged: bool = False
    show_refused: bool = False
    ignore_suppressions: bool = field(default=False)
    cache_dir: Path | None = None
    """The absolute path of the directory in which reports are kept; None for the usual one."""
    source: Path | None = field(default=None)
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
        for key, value in self.as_table().items():
            yield f"{key} = {written(value)}"

    def as_table(self) -> dict[str, object]:
        """The settings as a TOML table, each key once; `with_table` reads it back."""
        return {name: key.kind.plain(getattr(self, _attribute(name))) for name, key in KEYS.items()}


Said = TypeVar("Said")


def _covering(table: Sequence[tuple[Patterns, Said]], path: Path) -> Iterator[Said]:
    """What a table by pattern says of an absolute path."""
    for patterns, said in table:
        if path.is_relative_to(patterns.root) and patterns.cover(path, False, patterns.root):
            yield said


def _attribute(key: str) -> str:
    return key.replace("-", "_")


def _field(key: str, source: str) -> str:
    if key in KEYS:
        return _attribute(key)
    import difflib

    nearest = difflib.get_close_matches(key.replace("_", "-"), KEYS, n=1, cutoff=0.5)
    advice = f"did you mean `{nearest[0]}`?" if nearest else f"valid keys: {', '.join(KEYS)}"
    raise SettingsError(source, f"unknown key `{key}`; {advice}")


def _value(key: str, value: object, source: str, root: Path) -> object:
    try:
        return KEYS[key].kind.read(value, root)
    except SettingsError:
        raise  # it is located in the file that the value names
    except ValueError as error:
        raise SettingsError(source, f"key `{key}`: {error}") from None
