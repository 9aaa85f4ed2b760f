"""The configuration file that holds for a directory."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from mllint.files.regular_files import read_regular
from mllint.settings.mistakes import SettingsError
from mllint.settings.model import Settings
from mllint.settings.patterns import DEFAULT_EXCLUDE, Patterns
from mllint.settings.toml import parse_toml
from mllint.settings.values import toml_type

FILE_NAMES: Final = ("mllint.toml", "pyproject.toml")


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
        raw = read_regular(path)
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
        raise SettingsError(str(path), f"key `tool.mllint`: expected a table, found {toml_type(table)}")
    try:
        settings = Settings(exclude=Patterns(DEFAULT_EXCLUDE, path.parent), source=path)
        return settings.with_table(table, str(path), path.parent)
    except SettingsError as error:
        if error.source == str(path):
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
