"""Which lines of a file are not what they were, as git compares them."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from mllint.changed_lines.git import differences
from mllint.findings import Location
from mllint.source.text.notebook import BrokenNotebook, read_notebook
from mllint.source.text.syntax import NEWLINE

HUNK: Final = re.compile(rb"^@@ -\S+ \+(?P<start>\d+)(?:,(?P<count>\d+))? @@", re.MULTILINE)


class Line(NamedTuple):
    """A line as users see it: 1-based, in a notebook of a cell, and what stands there."""

    cell: int | None
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Touched:
    """Lines that were changed, as notebook cell and line; None is every line."""

    lines: frozenset[tuple[int | None, int]] | None

    def holds(self, location: Location) -> bool:
        """Whether the location spans one of the lines."""
        if self.lines is None:
            return True
        return any((location.cell, line) in self.lines for line in range(location.line, location.end_line + 1))


EVERYTHING: Final = Touched(None)
NOTHING: Final = Touched(frozenset())


def touched(path: Path, before: bytes) -> Touched:
    """The lines of a file that differ from what it was before. Raises CannotCompare."""
    read = _of_notebook if path.suffix == ".ipynb" else _of_text
    try:
        now, old = read(path.read_bytes()), read(before)
    except (OSError, BrokenNotebook):
        return EVERYTHING
    return Touched(frozenset((line.cell, line.number) for line in _changed(old, now)))


def _of_text(raw: bytes) -> Sequence[Line]:
    lines = NEWLINE.split(raw.decode("latin-1"))  # every byte is a character: what differs, differs
    return [Line(None, number, text) for number, text in enumerate(lines, start=1)]


def _of_notebook(raw: bytes) -> Sequence[Line]:
    """The lines of the code cells. Raises BrokenNotebook."""
    return [
        Line(cell.number, number, text)
        for cell in read_notebook(raw).cells
        for number, text in enumerate(NEWLINE.split(cell.source), start=1)
    ]


def _changed(old: Sequence[Line], now: Sequence[Line]) -> Iterator[Line]:
    """The lines that are new, and those beside lines that are gone."""
    with tempfile.TemporaryDirectory(prefix="mllint-") as directory:
        before, after = Path(directory, "before"), Path(directory, "after")
        for file, lines in ((before, old), (after, now)):
            file.write_bytes("".join(f"{line.text}\n" for line in lines).encode("utf-8", "surrogatepass"))
        patch = differences(before, after)
    for hunk in HUNK.finditer(patch):
        start, count = int(hunk["start"]), int(hunk["count"] or 1)
        first, last = (start, start + count - 1) if count else (start, start + 1)
        yield from now[max(first, 1) - 1 : last]
