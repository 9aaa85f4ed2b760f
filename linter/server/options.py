"""What the settings of the editor ask for; they go before configuration files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from mllint.settings import Settings, SettingsError, SettingsFinder, read_file

SOURCE: Final = "the settings of the editor"
SECTION: Final = "mllint"
DEBOUNCE: Final = 5
"""Milliseconds of rest before a change is looked at: enough for changes that come together, as those of several
cursors. A longer rest would save little: what changes while a text is being looked at waits, and only the newest is
looked at then."""


@dataclass(frozen=True, slots=True)
class Options:
    """The settings of one editor."""

    enable: bool = True
    config: str | None = None
    """A configuration file for all documents."""
    debounce: int = DEBOUNCE
    """Milliseconds."""
    select: tuple[str, ...] = ()
    """In place of all that the configuration file selects and ignores, as `--select` has it."""
    more: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Keys of the configuration file to whose lists something is added: extend-select, ignore."""
    table: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the configuration file with the values that they have instead."""

    @classmethod
    def read(cls, said: object) -> Options:
        """From what the editor sends: these options and the keys of the configuration file, in camel case or not, alone
        or below "mllint". What is null is not set. Raises SettingsError."""
        if not isinstance(said, Mapping):
            raise SettingsError(SOURCE, "expected an object")
        if isinstance(said.get(SECTION), Mapping):
            return cls.read(said[SECTION])
        table = {_key(name): value for name, value in said.items() if value is not None}
        own = {key: read(key, table.pop(key)) for key, read in _READERS.items() if key in table}
        more = {key: _strings(key, table.pop(key)) for key in _ADDED if key in table}
        options = cls(**own, more=more, table=table)
        options._laid_over(Settings(), Path.cwd())
        return options

    def finder(self, root: Path) -> SettingsFinder:
        """Finds the settings of documents; relative paths are below `root`. Raises SettingsError."""
        fixed = _read(root / Path(self.config).expanduser()) if self.config else None
        return SettingsFinder(lambda found: self._laid_over(found, root), fixed)

    def _laid_over(self, settings: Settings, root: Path) -> Settings:
        table: dict[str, Any] = {"select": list(self.select), "extend-select": [], "ignore": []} if self.select else {}
        settings = settings.with_table(table, SOURCE, root)
        lists = {key: [*getattr(settings, key.replace("-", "_")), *values] for key, values in self.more.items()}
        return settings.with_table({**lists, **self.table}, SOURCE, root)


def _read(path: Path) -> Settings:
    """Raises SettingsError."""
    settings = read_file(path)
    if settings is None:
        raise SettingsError(str(path), "has no [tool.mllint] table" if path.is_file() else "no such file")
    return settings


def _key(name: object) -> str:
    """unsafeFixes and unsafe_fixes are unsafe-fixes."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", str(name)).replace("_", "-").lower()


# ---------------------------------------------------------------- values; each reader raises SettingsError


def _strings(key: str, value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise SettingsError(SOURCE, f"key `{key}`: expected a list of strings")


def _text(key: str, value: object) -> str:
    if isinstance(value, str):
        return value
    raise SettingsError(SOURCE, f"key `{key}`: expected a string")


def _flag(key: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise SettingsError(SOURCE, f"key `{key}`: expected true or false")


def _milliseconds(key: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 60_000:
        return value
    raise SettingsError(SOURCE, f"key `{key}`: expected milliseconds, from 0 to 60000")


_READERS: Final[Mapping[str, Callable[[str, object], Any]]] = {
    "enable": _flag, "config": _text, "debounce": _milliseconds, "select": _strings,
}  # fmt: skip
_ADDED: Final[tuple[str, ...]] = ("extend-select", "ignore")
