"""What the text formats have in common: colours, and text and source lines that a terminal can show."""

from __future__ import annotations

import unicodedata
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


def plain(text: str) -> str:
    """Text on one line that cannot steer a terminal: names and messages come from files of others."""
    if text.isprintable():
        return text
    return "".join(char if _is_shown(char) else char.encode("unicode_escape").decode() for char in text)


def _is_shown(char: str) -> bool:
    return char.isprintable() or unicodedata.category(char) == "Zs"  # the spaces of other scripts


def beginning(text: str) -> str:
    """Plain text where a line begins, with a path: GitHub Actions obeys every line that begins with `::`."""
    shown = plain(text)
    return f"./{shown}" if shown.lstrip().startswith("::") else shown


def width(text: str) -> int:
    """Terminal columns of displayed text."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
