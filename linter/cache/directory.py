"""The directory of a cache: where it is, how it is made, and how it is emptied again.

It is marked as a cache for programs that make backups (https://bford.info/cachedir/), and git does not see it. Both
would hide the files of others: a directory that holds such is left as it is, and the cache lies in one below it.
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
_UNFINISHED: Final = re.compile(r"mllint-\w+\.new")
_SHELF: Final = re.compile(rf"[0-9a-f]{{64}}{re.escape(SUFFIX)}|{_UNFINISHED.pattern}")
_TAG: Final = "CACHEDIR.TAG"
_MARKS: Final = {
    _TAG: b"Signature: 8a477f597d28d172789f06886806bc55\n# Made by mllint: what it said of files, to be said again.\n",
    ".gitignore": b"# Made by mllint.\n*\n",
}
"""The tag comes first: by its whole text a directory is known as mllint's own."""


def named_by(settings: Settings) -> Path:
    """The directory that the settings name, or `.mllint_cache` beside their file, or in the working directory."""
    if settings.cache_dir is not None:
        return settings.cache_dir
    return (settings.source.parent if settings.source is not None else Path.cwd()) / NAME


def directory_for(settings: Settings) -> Path | None:
    """The directory that the settings name, or `.mllint_cache` below it where it holds what is not mllint's. None where
    that is a link which nobody named: linted code may bring one along, and it leads anywhere."""
    directory = named_by(settings)
    if settings.cache_dir is None and directory.is_symlink():
        return None
    if _is_own(directory) or _is_free(directory):
        return directory
    return directory / NAME if not (directory / NAME).is_symlink() else None


def prepare(directory: Path) -> bool:
    """Make the directory where it is missing, and mark it if it is empty. Whether it is mllint's own now."""
    with suppress(OSError):
        directory.mkdir(parents=True, exist_ok=True)
        if _is_own(directory) or _is_free(directory):
            for name, content in _MARKS.items():
                if not os.path.lexists(directory / name):
                    replace_file(directory / name, content)
    return _is_own(directory)


def _is_own(directory: Path) -> bool:
    return _is_mark(directory / _TAG)


def _is_mark(path: Path) -> bool:
    """Whether mllint wrote this mark: other programs have files of the same names."""
    mark = _MARKS[path.name]
    with suppress(OSError):
        if path.is_file():
            with path.open("rb") as file:
                return file.read(len(mark) + 1) == mark
    return False


def _is_free(directory: Path) -> bool:
    """Whether nothing is there, apart from the tag that another run is writing."""
    try:
        with os.scandir(directory) as entries:
            return all(_UNFINISHED.fullmatch(entry.name) for entry in entries)
    except FileNotFoundError:
        return True
    except OSError:
        return False


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; one that cannot be written is left as it is."""
    import tempfile

    with suppress(OSError):
        handle, temporary = tempfile.mkstemp(prefix="mllint-", suffix=".new", dir=path.parent)
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


def remove(settings: Settings) -> list[Path]:
    """Remove what mllint wrote into the directory that settings name, or into `.mllint_cache` below it; and these, if
    nothing else is there. Those that were caches. Links that nobody named are not followed. Raises OSError."""
    directory = named_by(settings)
    if settings.cache_dir is None and directory.is_symlink():
        return []
    own = [place for place in (directory / NAME, directory) if _is_own(place)]
    own = [place for place in own if place == directory or not place.is_symlink()]
    for place in own:
        marks = [place / name for name in reversed(_MARKS)]  # the tag last: what is broken off can be done again
        for path in [*_shelves(place), *filter(_is_mark, marks)]:
            path.unlink(missing_ok=True)
        with suppress(OSError):
            place.rmdir()
    return own


def _shelves(directory: Path) -> list[Path]:
    with suppress(OSError):
        return [Path(entry.path) for entry in os.scandir(directory) if _SHELF.fullmatch(entry.name)]
    return []
