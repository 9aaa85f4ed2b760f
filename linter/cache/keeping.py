"""The reports of a run, recalled from files and kept in files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from mllint.cache import made_from
from mllint.cache.directory import directory_for
from mllint.cache.key import key_for
from mllint.cache.shelf import Entry, Shelf
from mllint.cache.signatures import Signatures
from mllint.files.discovery import SourceFile
from mllint.reports.data import NotAReport, decode, encode
from mllint.results import FileReport
from mllint.settings import Settings, SettingsError

KEPT: Final = (
    "findings", "not_judged", "suppressed", "judged", "labels_not_known", "fail_level", "lines", "in_json",
)  # fmt: skip
"""The fields of a report on a source file that was judged without errors; the others are filled after it was."""


class Cache:
    """Reports in files, one file for each set of settings.

    `kind` says what reports hold: those with fixes and those without are different ones.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._signatures = Signatures()
        self._recalled: set[str] = set()
        self._by_identity: dict[int, tuple[Settings, Shelf | None]] = {}
        """Every file has settings, and many files the same; they are held so that their identities stay theirs."""
        self._shelves: dict[Settings, Shelf | None] = {}

    def recall(self, file: SourceFile) -> FileReport | None:
        """The report on the file, if it would be the same now."""
        own = os.path.abspath(file.path)
        self._signatures.look(own)
        shelf = self._shelf(file.settings)
        entry = shelf.get(file.path) if shelf is not None else None
        if entry is None or not all(self._signatures.is_still(*trace) for trace in entry.read.items()):
            return None
        try:
            report = decode(file.path, entry.report, KEPT)
        except NotAReport:
            return None
        self._recalled.add(own)
        return report

    def made_from(self, path: str, source: bytes) -> Mapping[str, str]:
        """The digest of a file that asked for no others."""
        return made_from(path, source)

    def remember(self, file: SourceFile, report: FileReport) -> None:
        """Keep a report; one with errors, or of which nobody says what it was made from, is not kept."""
        own = os.path.abspath(file.path)
        shelf = self._shelf(file.settings)
        if shelf is not None and own not in self._recalled and own in report.read and not report.errors:
            shelf.put(file.path, Entry(report.read, encode(report, KEPT)))

    def save(self) -> None:
        """Write the files that changed."""
        for shelf in self._shelves.values():
            if shelf is not None:
                shelf.save(self._signatures)

    def _shelf(self, settings: Settings) -> Shelf | None:
        """None where nothing may be kept, and for settings that name knowledge files which are wrong: those who judge
        by them say so."""
        if id(settings) not in self._by_identity:
            if settings not in self._shelves:
                self._shelves[settings] = self._opened(settings)
            self._by_identity[id(settings)] = settings, self._shelves[settings]
        return self._by_identity[id(settings)][1]

    def _opened(self, settings: Settings) -> Shelf | None:
        try:
            key = key_for(settings, self._kind)
        except SettingsError:
            return None
        directory = directory_for(settings)
        if directory is None:
            return None
        shelf = Shelf(directory, key)
        self._signatures.learn(shelf.signatures)
        return shelf
