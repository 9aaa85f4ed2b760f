"""From an analysis to what editors show, document by document."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from lsprotocol import types

from mllint.findings import Finding, Location, Severity
from mllint.results import Diagnostic, NotJudged
from mllint.server.analysis import Analysis
from mllint.server.documents import Part, Snapshot
from mllint.server.subject import anchor
from mllint.server.text import Text

SOURCE: Final = "mllint"
SEVERITIES: Final[Mapping[Severity, types.DiagnosticSeverity]] = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
UNNECESSARY: Final = "unused-suppression"
"""The rule whose findings are text that could as well be gone."""
START: Final = types.Range(types.Position(0, 0), types.Position(0, 0))


class Elsewhere(Protocol):
    """Texts besides the document that was looked at."""

    def __call__(self, path: str) -> tuple[str, Text | None]:
        """The URI of a file, and its text where it can be read."""


def of_analysis(analysis: Analysis, snapshot: Snapshot, elsewhere: Elsewhere) -> Mapping[Part, list[types.Diagnostic]]:
    """What is to be shown at each part of a document, all parts included."""
    shown: dict[int | None, list[types.Diagnostic]] = {cell: [] for cell in snapshot.parts}
    for finding in analysis.report.findings:
        at = anchor(finding, snapshot.path)
        if at is not None:
            shown[at.cell].append(of_finding(finding, snapshot, elsewhere))
    for silent in analysis.not_judged:
        if silent.location.path == snapshot.path and silent.location.cell in shown:
            shown[silent.location.cell].append(_of_silence(silent, snapshot))
    first = next(iter(shown), None)
    for error in analysis.report.errors:
        cell = error.cell if error.cell in shown else first
        if cell in shown:
            shown[cell].append(_of_error(error, snapshot.parts[cell].text))
    return {snapshot.parts[cell]: found for cell, found in shown.items()}


def of_finding(finding: Finding, snapshot: Snapshot, elsewhere: Elsewhere) -> types.Diagnostic:
    """A finding that has a place in the document."""
    at = anchor(finding, snapshot.path) or finding.primary
    others = [place for place in finding.locations if place is not at and place.message]
    return types.Diagnostic(
        range=snapshot.parts[at.cell].text.range(at),
        message="\n".join([finding.message, *(f"help: {line}" for line in finding.help)]),
        severity=SEVERITIES[finding.severity],
        code=finding.code,
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if finding.rule == UNNECESSARY else None,
        related_information=list(_related(others, snapshot, elsewhere)) or None,
        data={"rule": finding.rule, "fixable": finding.is_repairable},
    )


def _related(
    places: list[Location], snapshot: Snapshot, elsewhere: Elsewhere
) -> Iterator[types.DiagnosticRelatedInformation]:
    for place in places:
        yield types.DiagnosticRelatedInformation(_location(place, snapshot, elsewhere), place.message)


def _location(place: Location, snapshot: Snapshot, elsewhere: Elsewhere) -> types.Location:
    if place.path == snapshot.path and place.cell in snapshot.parts:
        part = snapshot.parts[place.cell]
        return types.Location(part.uri, part.text.range(place))
    uri, text = elsewhere(place.path)
    return types.Location(uri, text.range(place) if text is not None and place.cell is None else START)


def _of_silence(silent: NotJudged, snapshot: Snapshot) -> types.Diagnostic:
    output = f" of output {silent.output}" if silent.output else ""
    return types.Diagnostic(
        range=snapshot.parts[silent.location.cell].text.range(silent.location),
        message=f"not judged {silent.what}{output}: {silent.reason}",
        severity=types.DiagnosticSeverity.Information,
        source=SOURCE,
    )


# ---------------------------------------------------------------- what kept mllint from judging


def _of_error(error: Diagnostic, text: Text | None) -> types.Diagnostic:
    """At its place, to the end of the line; at the beginning of a text that cannot be read."""
    span = text.rest_of_line(error.line or 1, error.column or 1) if text is not None else START
    return types.Diagnostic(span, error.message, types.DiagnosticSeverity.Error, source=SOURCE)


def of_mistakes(analysis: Analysis, elsewhere: Elsewhere) -> Mapping[str, list[types.Diagnostic]]:
    """What is wrong with the settings, by the URI of their file."""
    found: dict[str, list[types.Diagnostic]] = defaultdict(list)
    for mistake in analysis.mistakes:
        if os.path.isabs(mistake.path):
            uri, text = elsewhere(mistake.path)
            found[uri].append(_of_error(mistake, text))
    return found
