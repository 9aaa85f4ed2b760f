"""What the editor, or the arguments of the command, ask for; it is laid over the configuration files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from mllint.settings import Settings, SettingsError, SettingsFinder, read_file

SOURCE: Final = "the settings of the editor"
SECTION: Final = "mllint"
DEBOUNCE: Final = 30
"""Milliseconds of rest before a change is looked at. Keys pressed in a row come 30 ms apart only where one is held
down; whoever waits longer sees findings later for nothing, as what is out of date is thrown away in any case."""


@dataclass(frozen=True, slots=True)
class Options:
    """Options of one server; `table` holds keys of the configuration file."""

    table: Mapping[str, Any] = field(default_factory=dict)
    select: tuple[str, ...] = ()
    """In place of what the configuration file selects, extends and ignores."""
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    config: str | None = None
    """A configuration file to use for every document."""
    isolated: bool = False
    enable: bool = True
    debounce: int = DEBOUNCE
    """Milliseconds."""

    def with_editor(self, said: object) -> Options:
        """What the editor says laid over these. Raises SettingsError."""
        if said is None:
            return self
        if not isinstance(said, Mapping):
            raise SettingsError(SOURCE, "expected an object")
        own = {_key(name): value for name, value in said.items() if value is not None}
        inner = own.pop(SECTION, None)
        if isinstance(inner, Mapping):  # as {"mllint": {…}}, the way they lie in a settings file
            return self.with_editor(inner)
        options = replace(
            self,
            select=_strings("select", own.pop("select", self.select)),
            extend_select=_strings("extend-select", own.pop("extend-select", self.extend_select)),
            ignore=_strings("ignore", own.pop("ignore", self.ignore)),
            config=_text("config", own.pop("config", self.config)),
            enable=_flag("enable", own.pop("enable", self.enable)),
            debounce=_milliseconds("debounce", own.pop("debounce", self.debounce)),
            table={**self.table, **own},
        )
        options.check()
        return options

    def check(self) -> None:
        """Raises SettingsError for keys and values that no configuration file may hold either."""
        self._overridden(Settings(), Path.cwd())

    def finder(self, root: Path) -> SettingsFinder:
        """Finds the settings of documents; relative paths are below `root`. Raises SettingsError."""
        return SettingsFinder(lambda found: self._overridden(found, root), self._fixed(root))

    def _fixed(self, root: Path) -> Settings | None:
        if not self.config:
            return Settings() if self.isolated else None
        path = root / Path(self.config).expanduser()
        settings = read_file(path)
        if settings is None:
            raise SettingsError(str(path), "has no [tool.mllint] table" if path.is_file() else "no such file")
        return settings

    def _overridden(self, settings: Settings, root: Path) -> Settings:
        if self.select:
            settings = settings.with_table(
                {"select": list(self.select), "extend-select": [], "ignore": []}, SOURCE, root
            )
        more = {
            "extend-select": [*settings.extend_select, *self.extend_select],
            "ignore": [*settings.ignore, *self.ignore],
        }
        return settings.with_table({**more, **self.table}, SOURCE, root)


def _key(name: object) -> str:
    """unsafeFixes and unsafe_fixes are unsafe-fixes."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", str(name)).replace("_", "-").lower()


def _strings(key: str, value: object) -> tuple[str, ...]:
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise SettingsError(SOURCE, f"key `{key}`: expected a list of strings")


def _text(key: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    raise SettingsError(SOURCE, f"key `{key}`: expected a string")


def _flag(key: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise SettingsError(SOURCE, f"key `{key}`: expected true or false")


def _milliseconds(key: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 60_000:
        return value
    raise SettingsError(SOURCE, f"key `{key}`: expected a number of milliseconds")
