"""A mistake in the settings."""

from __future__ import annotations


class SettingsError(ValueError):
    """A mistake in a configuration file or an inline setting; line and column are 1-based where known."""

    def __init__(self, source: str, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(source, message, line, column)
        self.source = source
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return self.message
