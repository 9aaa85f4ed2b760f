"""What was at a path that was looked at, to know later whether it is still so.

Files that were read are known by the SHA-256 of their bytes, None stands for nothing, and a name in BARE for what was
there and was not read: which module an import means depends on it all the same.
"""

from __future__ import annotations

import hashlib
import os
import stat
from typing import Final

LARGEST_FILE: Final = 512 * 1024
"""Bytes of another file that is read, and characters in one that is judged: of more, LibCST makes gigabytes."""

FILE: Final = "a file"
LARGE: Final = "a large file"
DIRECTORY: Final = "a directory"
NOWHERE: Final = "a link to nothing"
UNREADABLE: Final = "unreadable"
BARE: Final = frozenset({None, FILE, LARGE, DIRECTORY, NOWHERE})
"""What is told without reading."""


def digest_of(raw: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()


def presence(path: str) -> str | None:
    """Which of BARE a path is."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return NOWHERE if os.path.islink(path) else None
    if stat.S_ISDIR(found.st_mode):
        return DIRECTORY
    return LARGE if found.st_size > LARGEST_FILE else FILE


def content(path: str) -> str | None:
    """The SHA-256 of a file's bytes, in hexadecimal; None where nothing is. A pipe is not waited for."""
    try:
        if os.path.isfile(path):
            with open(path, "rb") as file:
                return digest_of(file.read())
    except (OSError, ValueError):
        pass
    return UNREADABLE if os.path.lexists(path) else None
