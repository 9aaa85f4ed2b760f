"""What the text formats have in common: colours, and source lines that a terminal can show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mllint.findings import Severity

SEVERITY_COLOURS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "red",
    Severity.WARNING: "yellow",
    Severity.INFO: "cyan",
}
TAB: Final = "    "


def displayed(text: str) -> str:
    """Code as a terminal may show it: tabs as spaces, control characters (which could move the cursor) replaced."""
    return "".join(TAB if char == "\t" else char if char.isprintable() else "\ufffd" for char in text)


def width(text: str) -> int:
    """Terminal columns of displayed text."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
