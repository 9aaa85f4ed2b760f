"""Settings: [tool.mllint] in pyproject.toml, mllint.toml, and what the command line lays over them.

The nearest file above the linted file wins; files are not merged. Every mistake in a file is reported with the file,
the key and the nearest valid key.
"""

from __future__ import annotations

import difflib
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast, get_args

from mllint.facts import Task
from mllint.findings import Severity

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

DEFAULT_EXCLUDE: Final = (
    ".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".ipynb_checkpoints", ".mypy_cache", ".nox",
    ".pants.d", ".pyenv", ".pytest_cache", ".pytype", ".ruff_cache", ".svn", ".tox", ".venv", ".vscode",
    ".#*", "__pycache__", "__pypackages__", "_build", "build", "dist", "node_modules", "site-packages", "venv",
)  # fmt: skip
OUTPUT_FORMATS: Final = ("full", "concise", "json")
FILE_NAMES: Final = ("mllint.toml", "pyproject.toml")


class SettingsError(ValueError):
    """A mistake in a configuration file or an inline setting; line and column are 1-based where known."""

    def __init__(self, source: str, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.source = source
        self.message = message
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns as in .gitignore, relative to the directory of the file, or of the command, that states them."""

    globs: tuple[str, ...]
    root: Path

    def cover(self, path: Path, is_directory: bool, named: Path) -> bool:
        """Whether a pattern means an absolute path that was reached from `named`, which the user asked for.

        What lies above `named` does not count: `mllint build` is asked to look into build.
        """
        spec = _compiled(self.globs)
        is_asked_for = (
            path != named and named.is_relative_to(self.root) and spec.match_file(_relative(named, self.root))
        )
        base = self.root if path.is_relative_to(self.root) and not is_asked_for else named
        return spec.match_file(_relative(path, base) + "/" * is_directory)


@cache
def _compiled(globs: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(globs)


def _relative(path: Path, base: Path) -> str:
    return path.relative_to(base).as_posix() if path != base else path.name


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
        return _READERS[key](value, root)
    except ValueError as error:
        raise SettingsError(source, f"key `{key}`: {error}") from None


def _strings(value: object, root: Path) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise ValueError(f"expected a list of strings, found {_toml_type(value)}")


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
            _compiled((glob,))
        except ValueError:
            raise ValueError(f"not a pattern: {glob!r}") from None
    return Patterns(globs, root)


def _ignores_by_pattern(value: object, root: Path) -> tuple[tuple[Patterns, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise ValueError(f"expected a table of pattern = [rules], found {_toml_type(value)}")
    return tuple((_patterns([glob], root), _selectors(rules, root)) for glob, rules in value.items())


def _tasks_by_pattern(value: object, root: Path) -> tuple[tuple[Patterns, Task], ...]:
    if not isinstance(value, dict):
        raise ValueError(f"expected a table of pattern = task, found {_toml_type(value)}")
    return tuple((_patterns([glob], root), cast(Task, _one_of(get_args(Task), task))) for glob, task in value.items())


def _file(value: object, root: Path) -> Path | None:
    if isinstance(value, str):
        return Path(os.path.abspath(root / value)) if value else None
    raise ValueError(f"expected a path, found {_toml_type(value)}")


def _boolean(value: object, root: Path) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"expected true or false, found {_toml_type(value)}")


def _severity(value: object, root: Path) -> Severity:
    return Severity[_one_of([severity.label for severity in Severity], value).upper()]


def _output_format(value: object, root: Path) -> str:
    return _one_of(OUTPUT_FORMATS, value)


def _one_of(valid: Sequence[str], value: object) -> str:
    if isinstance(value, str) and value in valid:
        return value
    found = f'"{value}"' if isinstance(value, str) else _toml_type(value)
    raise ValueError(f"expected one of {', '.join(valid)}; found {found}")


def _toml_type(value: object) -> str:
    names = {bool: "a boolean", str: "a string", int: "an integer", float: "a float", dict: "a table"}
    return "a list with other things" if isinstance(value, list) else names.get(type(value), type(value).__name__)


_READERS: Final[Mapping[str, Callable[[object, Path], object]]] = {
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


@dataclass(slots=True)
class SettingsFinder:
    """Finds the settings that hold for a directory; each file is read once.

    `overrides` (the command line) is laid over whatever is found. With `fixed` no file is looked for.
    """

    overrides: Callable[[Settings], Settings] = lambda settings: settings
    fixed: Settings | None = None
    _by_directory: dict[Path, Settings | SettingsError] = field(default_factory=dict)

    def for_directory(self, directory: Path) -> Settings:
        """Settings for the files in an absolute directory. Raises SettingsError, each time it is asked."""
        if directory not in self._by_directory:
            self._by_directory[directory] = self._find(directory)
        found = self._by_directory[directory]
        if isinstance(found, SettingsError):
            raise found
        return found

    def _find(self, directory: Path) -> Settings | SettingsError:
        if self.fixed is not None:
            return self.overrides(self.fixed)
        for name in FILE_NAMES:
            try:
                settings = read_file(directory / name)
            except SettingsError as error:
                return error
            if settings is not None:
                return self.overrides(settings)
        if directory.parent == directory:
            return self.overrides(Settings())
        try:
            return self.for_directory(directory.parent)
        except SettingsError as error:
            return error


def read_file(path: Path) -> Settings | None:
    """The settings in a configuration file; None where it does not exist or does not speak of mllint.

    Raises SettingsError.
    """
    try:
        raw = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as error:
        raise SettingsError(str(path), f"cannot be read: {error.strerror}") from None
    is_own_file = path.name != "pyproject.toml"
    if not is_own_file and b"mllint" not in raw:
        return None
    document = parse_toml(raw, str(path))
    table = document if is_own_file else _tool_table(document)
    if table is None:
        return None
    if not isinstance(table, dict):
        raise SettingsError(str(path), f"key `tool.mllint`: expected a table, found {_toml_type(table)}")
    try:
        settings = Settings(exclude=Patterns(DEFAULT_EXCLUDE, path.parent), source=path)
        return settings.with_table(table, str(path), path.parent)
    except SettingsError as error:
        error.line = _line_of_key(raw, error.message)
        raise


def _tool_table(document: Mapping[str, Any]) -> Any:
    tool = document.get("tool")
    return tool.get("mllint") if isinstance(tool, dict) else None


def _line_of_key(raw: bytes, message: str) -> int | None:
    """The parser gives no positions: find the key as it is usually written, after the [tool.mllint] header if any."""
    quoted = re.search(r"`([^`]*)`", message)
    if quoted is None:
        return None
    key = re.escape(quoted[1].encode())
    header = re.search(rb"^\s*\[tool\.mllint", raw, re.MULTILINE)
    written = re.compile(rb"^[ \t]*(?:\[(?:tool\.mllint\.)?)?[\"']?" + key + rb"[\"']?[ \t]*[=.\]]", re.MULTILINE)
    found = written.search(raw, header.start() if header else 0)
    return raw.count(b"\n", 0, found.start()) + 1 if found else None


def parse_toml(raw: bytes, source: str) -> dict[str, Any]:
    """Parses TOML. Raises SettingsError with the line and column of a mistake."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SettingsError(source, "not valid UTF-8", line) from None
    except tomllib.TOMLDecodeError as error:
        message, line, column = _toml_mistake(str(error), raw)
        raise SettingsError(source, f"not valid TOML: {message}", line, column) from None


def _toml_mistake(text: str, raw: bytes) -> tuple[str, int, int]:
    found = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", text, re.DOTALL)
    message = found[1] if found else text.partition(" (at ")[0]
    message = message[:1].lower() + message[1:]
    if found:
        return message, int(found[2]), int(found[3])
    lines = raw.decode("utf-8").splitlines() or [""]
    return message, len(lines), len(lines[-1]) + 1
