"""The directory of a cache: where it is, how it is made, and how it is emptied again.

It is marked as a cache for programs that make backups (https://bford.info/cachedir/), and git does not see it.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from mllint.settings import Settings

NAME: Final = ".mllint_cache"
SUFFIX: Final = ".cache"
_SHELF: Final = re.compile(rf"[0-9a-f]{{64}}{re.escape(SUFFIX)}|tmp\w+\.new")
_MARKS: Final = {
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# What mllint said of files, to be said again.\n",
    ".gitignore": "# Made by mllint.\n*\n",
}


def directory_for(settings: Settings) -> Path:
    """The directory that the settings name, or `.mllint_cache` beside their file, or in the working directory."""
    if settings.cache_dir is not None:
        return settings.cache_dir
    return (settings.source.parent if settings.source is not None else Path.cwd()) / NAME


def prepare(directory: Path) -> bool:
    """Make the directory where it is missing. Whether it is there."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in _MARKS.items():
            if not (directory / name).exists():
                (directory / name).write_text(text, encoding="utf-8")
    except OSError:
        return False
    return True


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; one that cannot be written is left as it is."""
    import tempfile

    with suppress(OSError):
        handle, temporary = tempfile.mkstemp(suffix=".new", dir=path.parent)
        try:
            with open(handle, "wb") as file:
                file.write(content)
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)


def tidy(directory: Path, days: int) -> None:
    """Remove what no run has written for so many days: other settings, other versions, runs that were broken off."""
    oldest = time.time() - days * 86400
    for path in _shelves(directory):
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()


def remove(directory: Path) -> bool:
    """Remove what mllint wrote into a cache directory, and the directory if nothing else is there. Whether there was
    one. Raises OSError."""
    if not (directory / "CACHEDIR.TAG").is_file():
        return False
    for path in [*_shelves(directory), *(directory / name for name in _MARKS)]:
        path.unlink(missing_ok=True)
    with suppress(OSError):
        directory.rmdir()
    return True


def _shelves(directory: Path) -> list[Path]:
    with suppress(OSError):
        return [Path(entry.path) for entry in os.scandir(directory) if _SHELF.fullmatch(entry.name)]
    return []
