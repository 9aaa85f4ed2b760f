"""Whether files are still the same, without reading those that nobody touched.

The SHA-256 of a file's bytes decides. It is believed without reading the file again while size, inode, and the times
at which contents and inode were last changed are the same. Programs can set the time of the contents (st_mtime), but
not that of the inode (st_ctime), so that a change which keeps size and time is seen. Times are coarse: a file that was
changed shortly before it was looked at, or in what the clock takes for the future, may be changed once more without a
trace, and is read again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

from mllint.files.traces import BARE, UNREADABLE, content, presence

COARSEST_CLOCK: Final = 2 * 10**9
"""Nanoseconds between two times that a file system tells apart: 2 s on FAT."""

Signature: TypeAlias = "tuple[int, int, int, int, int]"
"""Size, times of the last change of contents and inode in ns, inode, device."""


class Signed(NamedTuple):
    """A file's signature and the SHA-256 of the bytes that it stands for."""

    signature: Signature
    digest: str


class Signatures:
    """What is known of files in this run: each is looked at once."""

    def __init__(self) -> None:
        self._known: dict[str, Signed] = {}
        """From earlier runs."""
        self._now: dict[str, Signature | None] = {}
        """As the files were when this run first looked at them; None for what is not there or was just changed."""
        self._digests: dict[str, str | None] = {}
        self._present: dict[str, str | None] = {}

    def learn(self, known: Mapping[str, Signed]) -> None:
        """Believe what an earlier run knew."""
        self._known.update(known)

    def is_still(self, path: str, trace: str | None) -> bool:
        """Whether what is at a path is what was there when a report was made; see `mllint.files.traces`."""
        if trace not in BARE:
            return self.digest(path) == trace
        if path not in self._present:
            self._present[path] = presence(path)
        return self._present[path] == trace

    def digest(self, path: str) -> str | None:
        """The SHA-256 of a file's bytes, in hexadecimal; None where nothing is there that can be read."""
        if path not in self._digests:
            signature = self._signature(path)
            known = self._known.get(path)
            same = known is not None and signature == known.signature
            self._digests[path] = known.digest if known is not None and same else content(path)
        return self._digests[path]

    def signed(self, path: str, digest: str | None) -> Signed | None:
        """What a later run may believe of a file that had this digest when it was read; None where it has to look."""
        signature = self._now.get(path)
        if digest is None or digest in BARE or digest == UNREADABLE or signature is None:
            return None
        if _signature(path) != signature:
            return None
        return Signed(signature, digest)

    def _signature(self, path: str) -> Signature | None:
        if path not in self._now:
            found = _signature(path)
            is_settled = found is not None and max(found[1], found[2]) < time.time_ns() - COARSEST_CLOCK
            self._now[path] = found if is_settled else None
        return self._now[path]

    def look(self, path: str) -> None:
        """Note how a file is before somebody reads it."""
        self._signature(path)


def _signature(path: str) -> Signature | None:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev
