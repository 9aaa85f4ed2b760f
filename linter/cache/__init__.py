"""What was said of files, kept for the next run.

A report is said again as long as everything it was made from is the same: mllint itself with its rules and knowledge,
plugins, Python and LibCST, the settings (all of which make the name of the file that keeps it, see `key`), the linted
file and the files that it asked for (whose SHA-256 stand beside it, see `signatures`). Files without training code are
kept too, and are not read again until they change. Reports with errors are not kept.

A cache that is missing, spoilt, somebody else's or cannot be written costs time, and changes nothing that is said.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final, Protocol

from mllint.files.discovery import SourceFile
from mllint.results import FileReport


class Memory(Protocol):
    """What was said of files before."""

    def recall(self, file: SourceFile) -> FileReport | None:
        """The report on the file, if it would be the same now."""

    def made_from(self, path: str, source: bytes) -> Mapping[str, str]:
        """What a report on a file that asked for no others has to say of it, to be remembered: `FileReport.read`."""

    def remember(self, file: SourceFile, report: FileReport) -> None:
        """Keep a report for as long as the files that it was made from stay as they are."""

    def save(self) -> None:
        """Put what is remembered where the next run finds it."""


class _Nothing:
    def recall(self, file: SourceFile) -> FileReport | None:
        return None

    def made_from(self, path: str, source: bytes) -> Mapping[str, str]:
        return {}

    def remember(self, file: SourceFile, report: FileReport) -> None:
        pass

    def save(self) -> None:
        pass


NOTHING_KEPT: Final[Memory] = _Nothing()


def made_from(path: str, source: bytes) -> dict[str, str]:
    """The SHA-256 of a file's bytes by its absolute path."""
    import hashlib

    return {os.path.abspath(path): hashlib.sha256(source).hexdigest()}
