"""Which file a program opens by a path, as far as the files tell it.

A relative path is one from the directory in which the program is run, which nobody knows: it may be that of the linted
file, or one above it where the project or the working directory is. A file is that of the program where one of them has
it. Nothing outside of them is looked at, whatever the path, or a link, says.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

from mllint.files.seen import Seen
from mllint.source.text.document import BYTE_ORDER_MARK, Document

LARGEST: Final = 256 * 1024
"""Bytes of a file that is read: what is larger holds data."""


class DataFiles:
    """The files below some directories, by the paths that a program opens them by."""

    def __init__(self, directories: Sequence[str], seen: Seen) -> None:
        self._directories = tuple(dict.fromkeys(directories))
        self._seen = seen

    def find(self, path: str, beside: str) -> str | None:
        """Where the file is; `beside` is the directory of the file that opens it. None where there is doubt."""
        bases = dict.fromkeys((*self._directories, beside)) if not os.path.isabs(path) else ("",)
        places = dict.fromkeys(os.path.normpath(os.path.join(base, path)) for base in bases)
        there = [place for place in places if self._is_inside(place) and self._seen.is_there(place)]
        return there[0] if len(there) == 1 else None

    def document(self, place: str, shown: str) -> Document | None:
        """The text of a file, under the path that users see; None for what cannot be read, or is too much to read."""
        if not self._is_really_inside(place):
            self._seen.refuse(place)
            return None
        raw = self._seen.read(place)
        if raw is None or len(raw) > LARGEST:
            return None
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            return None
        return Document(shown, text, is_data=True) if not text.startswith(BYTE_ORDER_MARK) else None

    def _is_inside(self, place: str) -> bool:
        return any(place.startswith(os.path.join(base, "")) for base in self._directories)

    def _is_really_inside(self, place: str) -> bool:
        """The same when links are followed."""
        file = os.path.realpath(place)
        return any(file.startswith(os.path.join(os.path.realpath(base), "")) for base in self._directories)
