"""One file of a cache: reports by the path that is shown, and the signatures of the files they were made from.

The file is JSON after a line with its SHA-256, so that nothing is believed that was cut off or changed. It is replaced
as a whole; of runs that end at the same time each adds what it learned to what the others have written.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mllint.cache.directory import SUFFIX, prepare, replace_file, tidy
from mllint.cache.signatures import Signatures, Signed

KEPT_DAYS: Final = 30
"""What no run has asked for in this time is dropped."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of one file."""

    read: Mapping[str, str | None]
    """What was at the absolute paths that the report was made from, as `mllint.files.traces` tells it."""
    report: Any
    """As `mllint.reports.data.encode` gives it."""


class Shelf:
    """The reports that one set of settings led to."""

    def __init__(self, directory: Path, key: str) -> None:
        self._directory = directory
        self._path = directory / f"{key}{SUFFIX}"
        self._today = int(time.time() // 86400)
        self._kept, self._seen, self.signatures = _load(self._path)
        self._mine: dict[str, Entry] = {}
        """What this run adds."""
        self._is_aged = False

    def get(self, shown: str) -> Entry | None:
        """What is kept of the file that is shown by this path."""
        entry = self._kept.get(shown)
        if entry is not None and self._seen[shown] != self._today:
            self._seen[shown] = self._today
            self._is_aged = True
        return entry

    def put(self, shown: str, entry: Entry) -> None:
        self._mine[shown] = entry

    def save(self, signatures: Signatures) -> None:
        """Write what changed; a directory that cannot be written stays as it is."""
        learned = self._learned(signatures)
        if not self._mine and not self._is_aged and learned == self.signatures:
            return
        others, seen, signed = _load(self._path)
        entries = {**others, **self._mine}
        days = {**seen, **self._seen, **dict.fromkeys(self._mine, self._today)}
        entries = {name: one for name, one in entries.items() if abs(self._today - days[name]) <= KEPT_DAYS}
        paths = {path for entry in entries.values() for path in entry.read}
        kept = {path: one for path, one in {**signed, **learned}.items() if path in paths}
        body = json.dumps(
            {
                "files": {path: [*one.signature, one.digest] for path, one in kept.items()},
                "reports": {name: [days[name], dict(one.read), one.report] for name, one in entries.items()},
            },
            separators=(",", ":"),
        ).encode("utf-8", "surrogatepass")
        if prepare(self._directory):
            replace_file(self._path, _check(body) + b"\n" + body)
            tidy(self._directory, KEPT_DAYS)

    def _learned(self, signatures: Signatures) -> dict[str, Signed]:
        """The signatures that a later run may believe of the files that this run's reports were made from."""
        learned = dict(self.signatures)
        for shown, entry in {**self._kept, **self._mine}.items():
            if shown in self._mine or self._seen[shown] == self._today:
                for path, digest in entry.read.items():
                    signed = signatures.signed(path, digest)
                    if signed is not None:
                        learned[path] = signed
        return learned


# ---------------------------------------------------------------- reading


def _load(path: Path) -> tuple[dict[str, Entry], dict[str, int], dict[str, Signed]]:
    """Entries, the days on which they were last asked for, and signatures; nothing of a file that is not believed."""
    try:
        return _parsed(_own_bytes(path))
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}, {}, {}


def _own_bytes(path: Path) -> bytes:
    """What a file holds that this user wrote. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    with open(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or (hasattr(os, "geteuid") and found.st_uid != os.geteuid()):
            raise PermissionError(path)
        return file.read()


def _parsed(raw: bytes) -> tuple[dict[str, Entry], dict[str, int], dict[str, Signed]]:
    """Raises ValueError, TypeError or AttributeError for what is not as `save` writes it."""
    check, _, body = raw.partition(b"\n")
    if check != _check(body):
        raise ValueError("spoilt")
    content = json.loads(body)
    reports = dict(_rows(content["reports"], 3))
    entries = {name: Entry(dict(read), report) for name, (_, read, report) in reports.items()}
    seen = {name: int(day) for name, (day, _, _) in reports.items()}
    signed = {path: Signed((a, b, c, d, e), digest) for path, (a, b, c, d, e, digest) in _rows(content["files"], 6)}
    return entries, seen, signed


def _rows(table: Mapping[str, list[Any]], size: int) -> Iterator[tuple[str, list[Any]]]:
    for name, row in table.items():
        if len(row) != size:
            raise ValueError(name)
        yield name, row


def _check(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()
