"""What is said where mllint itself fails."""

from __future__ import annotations

from typing import Final

REPORT_IT: Final = "this is a bug in mllint, please report it"


def one_line(error: Exception) -> str:
    """An exception as a part of a message."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
