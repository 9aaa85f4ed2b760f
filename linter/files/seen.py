"""The files that are looked at besides the linted one: on disk, or as an editor has them open."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from mllint.files.regular_files import read_regular
from mllint.files.traces import FILE, LARGE, LARGEST_FILE, UNREADABLE, digest_of, presence


class Seen:
    """What was at the paths that were looked at.

    `asked` says it of every path, as `mllint.files.traces` tells it: the SHA-256 of a file that was read. `overlay`
    holds what open documents contain, by absolute path, in place of what is on disk.
    """

    def __init__(self, overlay: Mapping[str, bytes]) -> None:
        self.asked: dict[str, str | None] = {}
        self.overlay = overlay

    def is_there(self, path: str) -> bool:
        """Whether anything is at a path."""
        if path not in self.asked:
            self.asked[path] = FILE if path in self.overlay else presence(path)
        return self.asked[path] is not None

    def read(self, path: str) -> bytes | None:
        """What a file holds; None where there is none, or it is too large."""
        raw = self.overlay.get(path)
        if raw is None:
            try:
                if os.path.getsize(path) > LARGEST_FILE:
                    self.asked[path] = LARGE
                    return None
                raw = read_regular(Path(path))
            except OSError:
                self.refuse(path)
                return None
        self.asked[path] = digest_of(raw)
        return raw

    def refuse(self, path: str) -> None:
        """Note that what is at a path is not read, whatever it is."""
        self.asked[path] = UNREADABLE if os.path.lexists(path) else None
