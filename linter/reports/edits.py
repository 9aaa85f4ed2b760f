"""Fixes as replacements in files, for programs that know nothing of notebooks: there the text is written as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from mllint.findings import Edit, Fix
from mllint.reports.places import Region, region
from mllint.results import FileReport


class Replacement(NamedTuple):
    """What stands in a region of a file is replaced by the text."""

    path: str
    region: Region
    text: str


def replacement(edit: Edit, report: FileReport) -> Replacement | None:
    """None where nobody located the edit."""
    where = region(edit, report)
    if where is None:
        return None
    text = json.dumps(edit.text, ensure_ascii=False)[1:-1] if edit.cell is not None else edit.text
    return Replacement(edit.path, where, text)


def joined(fix: Fix, report: FileReport) -> Edit | None:
    """A fix as one edit, with what stands between its own. None where they are in several files or cells, or where the
    report does not know a line between them."""
    edits = sorted(fix.edits, key=lambda edit: (edit.line, edit.column))
    if len({(edit.path, edit.cell) for edit in edits}) > 1:
        return None
    first, last = edits[0], edits[-1]
    known = {number: report.lines.get((first.path, first.cell, number)) for number in range(first.line, last.line + 1)}
    if None in known.values():
        return None
    text = "".join(_texts(edits, {number: line or "" for number, line in known.items()}))
    return Edit(first.path, first.line, first.column, last.end_line, last.end_column, text, first.cell)


def _texts(edits: Sequence[Edit], lines: dict[int, str]) -> list[str]:
    """What the edits write, and what stands between them; a line ends as most do."""
    texts = [edits[0].text]
    for before, edit in pairwise(edits):
        texts += (_between(before, edit, lines), edit.text)
    return texts


def _between(before: Edit, after: Edit, lines: dict[int, str]) -> str:
    if before.end_line == after.line:
        return lines[after.line][before.end_column - 1 : after.column - 1]
    first = lines[before.end_line][before.end_column - 1 :]
    whole = (lines[number] for number in range(before.end_line + 1, after.line))
    return "\n".join((first, *whole, lines[after.line][: after.column - 1]))
