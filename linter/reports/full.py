"""Findings with the code they speak of: every location is marked and says what it has to do with the finding.

error[MLL101] sigmoid-with-categorical-crossentropy: …
  --> train.py:8:5
   |
 8 |     Dense(10, activation="sigmoid"),
   |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ head: 10 independent probabilities
12 | model.compile(loss="categorical_crossentropy")
   |                    -------------------------- loss: expects a distribution
   = help: …
   = fix (safe): …      where fixes were asked for

A saved or live model has parts in place of lines:

 --> model.keras: layer dense_1
  |  head: 10 independent probabilities
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

import click

from mllint.findings import Finding, Location
from mllint.reports import View, concise
from mllint.reports.style import SEVERITY_COLOURS, displayed, plain, width
from mllint.results import FileReport, Line

CODE_WIDTH: Final = 110
"""Terminal columns of code to show; longer lines are clipped around the mark."""
BEFORE_MARK: Final = 30
ELLIPSIS: Final = "…"


def render(reports: Sequence[FileReport], view: View) -> Iterator[str]:
    for report in reports:
        for finding in report.findings:
            yield from _finding(finding, report.lines)
            yield ""
        if view.show_not_judged:
            yield from map(concise.not_judged, report.not_judged)


def _finding(finding: Finding, lines: Mapping[Line, str]) -> Iterator[str]:
    severity = click.style(
        f"{finding.severity.label}[{finding.code}]", fg=SEVERITY_COLOURS[finding.severity], bold=True
    )
    yield f"{severity} {click.style(finding.rule, bold=True)}: {plain(finding.message)}"
    margin = len(str(max(location.line for location in finding.locations)))
    yield from _parts(finding) if finding.primary.part is not None else _frames(finding, lines, margin)
    ways_out = [("help", line) for line in finding.help]
    ways_out += [(f"fix ({fix.applicability})", fix.title) for fix in finding.fixes]
    yield from (f"{' ' * margin} {_dim('=')} {click.style(kind, bold=True)}: {plain(line)}" for kind, line in ways_out)


def _parts(finding: Finding) -> Iterator[str]:
    arrow = "-->"
    for location in finding.locations:
        yield f" {_dim(arrow)} {concise.where(location)}"
        if location.message:
            colour = "red" if location is finding.primary else "blue"
            yield f"{_gutter(1)}  {click.style(_said(location), fg=colour)}"
        arrow = ":::"


def _frames(finding: Finding, lines: Mapping[Line, str], margin: int) -> Iterator[str]:
    arrow = "-->"
    for _, places in groupby(_in_source_order(finding.locations), key=lambda location: (location.path, location.cell)):
        frame = list(places)
        shown = finding.primary if finding.primary in frame else frame[0]
        yield f"{' ' * margin}{_dim(arrow)} {concise.where(shown)}"
        yield _gutter(margin)
        yield from _frame(frame, finding.primary, lines, margin)
        arrow = ":::"


def _in_source_order(locations: Sequence[Location]) -> list[Location]:
    """The file and cell of the primary location first, each from top to bottom."""
    first = locations[0]
    return sorted(
        locations,
        key=lambda place: (
            place.path != first.path,
            place.path,
            place.cell != first.cell,
            place.cell or 0,
            place.line,
            place.column,
        ),
    )


def _frame(frame: Sequence[Location], primary: Location, lines: Mapping[Line, str], margin: int) -> Iterator[str]:
    previous: int | None = None
    for (cell, number), places in groupby(frame, key=lambda location: (location.cell, location.line)):
        if previous is not None and number > previous + 1:
            yield _dim("." * max(margin, 3))
        previous = number
        marked = list(places)
        code = lines.get((marked[0].path, cell, number), "")
        clip = _Clip(code, marked[0].column)
        yield f"{_dim(f'{number:>{margin}} |')} {clip.text}"
        for location in marked:
            yield f"{_gutter(margin)} {_mark(location, primary, clip)}"


def _mark(location: Location, primary: Location, clip: _Clip) -> str:
    end = location.end_column if location.end_line == location.line else len(clip.code) + 1
    start, length = clip.span(location.column, end)
    is_primary = location is primary
    underline = ("^" if is_primary else "-") * length
    text = f"{underline} {_said(location)}" if location.message else underline
    return " " * start + click.style(text, fg="red" if is_primary else "blue")


def _said(location: Location) -> str:
    return plain(f"{location.role}: {location.message}")


class _Clip:
    """The part of a long line that is shown, and where a mark stands in it."""

    def __init__(self, code: str, column: int) -> None:
        self.code = code
        before = displayed(code[: column - 1])
        self._cut = 0
        self._prefix = ""
        if width(displayed(code)) > CODE_WIDTH and width(before) > CODE_WIDTH // 2:
            self._cut = column - 1 - BEFORE_MARK
            self._prefix = ELLIPSIS
        self.text = self._prefix + _first(displayed(code[self._cut :]))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Terminal columns before the mark and under it, for 1-based code columns; a mark is at least one wide."""
        offset = width(self._prefix) + width(displayed(self.code[self._cut : start - 1]))
        length = width(displayed(self.code[max(start - 1, self._cut) : end - 1]))
        visible = width(self.text)
        return min(offset, visible), max(1, min(length, visible - offset))


def _first(text: str) -> str:
    if width(text) <= CODE_WIDTH:
        return text
    clipped = text[:CODE_WIDTH]
    while width(clipped) > CODE_WIDTH:
        clipped = clipped[:-1]
    return clipped + ELLIPSIS


def _gutter(margin: int) -> str:
    return _dim(f"{' ' * margin} |")


def _dim(text: str) -> str:
    return click.style(text, fg="blue", bold=True)
