"""The source lines that a report speaks of, and where its places stand in the file of a notebook.

Reports quote lines, and programs that know nothing of notebooks want places in the file itself.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from mllint.findings import Edit, Location
from mllint.results import FilePosition, FileReport, Line, Spot
from mllint.source.text.document import Document
from mllint.source.text.notebook_json import characters_of, sources_in
from mllint.source.text.syntax import NEWLINE


def quoted(report: FileReport, document: Document, source: bytes) -> FileReport:
    """The report with the lines of all its places; `source` is what the document was read from."""
    spots = tuple(dict.fromkeys(_spots(report)))  # in their order: what is written of them is the same in every run
    lines = {line: document.source_line(line[2], line[1]) for line in _lines(spots, document.path)}
    in_json = _in_json(spots, document, source) if document.is_notebook and spots else {}
    return replace(report, lines={**report.lines, **lines}, in_json=in_json)


def _spots(report: FileReport) -> Iterator[Spot]:
    """Where the places of a report begin and end, as far as they are in its own file."""
    findings = (*report.findings, *(one.finding for one in report.suppressed))
    places: list[Location | Edit] = [entry.location for entry in report.not_judged]
    places += (location for finding in findings for location in finding.locations)
    places += (edit for finding in findings for fix in finding.fixes for edit in fix.edits)
    for place in places:
        if place.path == report.path:
            yield place.cell, place.line, place.column
            yield place.cell, place.end_line, place.end_column
    for error in report.errors:
        if error.path == report.path and error.line is not None:
            yield error.cell, error.line, error.column or 1


def _lines(spots: Iterable[Spot], path: str) -> Iterable[Line]:
    return dict.fromkeys((path, cell, line) for cell, line, _ in spots)


# ---------------------------------------------------------------- notebooks


def _in_json(spots: Sequence[Spot], document: Document, source: bytes) -> Mapping[Spot, FilePosition]:
    text = source.decode(json.detect_encoding(source), "surrogatepass")
    starts = (0, *(newline.end() for newline in NEWLINE.finditer(text)))
    wanted = {cell for cell, _, _ in spots}
    spans = dict(enumerate(sources_in(text), start=1))
    found: dict[Spot, FilePosition] = {}
    for cell in (cell for cell in document.cells if cell.number in wanted):
        written = characters_of(text, spans[cell.number])
        first = (0, *(newline.end() for newline in NEWLINE.finditer(cell.source)))
        for number, line, column in (spot for spot in spots if spot[0] == cell.number):
            if line <= len(first) and first[line - 1] + column <= len(written):
                found[number, line, column] = _position(text, starts, written[first[line - 1] + column - 1])
    return found


def _position(text: str, starts: tuple[int, ...], offset: int) -> FilePosition:
    line = bisect_right(starts, offset)
    before = text[starts[line - 1] : offset]
    return FilePosition(line, len(before) + 1, len(before.encode("utf-8", "surrogatepass")) + 1)
