"""Changed cells of a Jupyter notebook, written into its JSON: every byte outside the changed text stays as it is.

A source is one string or a list of them, mostly one for each line. An edit within one of the strings changes its
characters alone; where lines come or go, the strings that the edit touches are written anew.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from mllint.fixes.refusal import Refused
from mllint.fixes.text import TextEdit, applied
from mllint.source.text.json_text import Span, characters, items
from mllint.source.text.notebook_json import sources_in
from mllint.source.text.syntax import NEWLINE


@dataclass(frozen=True, slots=True)
class EditedCell:
    """Edits of one cell in offsets of its source; `number` counts all cells, from 1."""

    number: int
    edits: tuple[TextEdit, ...]


def with_edited_cells(raw: bytes, edited: Sequence[EditedCell]) -> bytes:
    """The notebook's bytes with the cells changed. Raises Refused for JSON in an encoding that would not survive."""
    encoding = json.detect_encoding(raw)
    text = raw.decode(encoding, "surrogatepass")
    if text.encode(encoding, "surrogatepass") != raw:
        raise Refused(f"the file would not survive being decoded and encoded again as {encoding}")
    sources = list(sources_in(text))
    edits = (edit for cell in edited for edit in _in_json(text, sources[cell.number - 1], cell.edits))
    return applied(text, edits).encode(encoding, "surrogatepass")


def _in_json(text: str, source: Span, edits: Sequence[TextEdit]) -> Iterator[TextEdit]:
    """Edits of a source as edits of the JSON that holds it."""
    if text[source.start] == '"':
        yield from _within_string(text, source, edits, _escapes(text, source))
        return
    strings = tuple(items(text, source))
    ends = tuple(accumulate(len(characters(text, string)) - 1 for string in strings))
    for first, last, together in _runs(ends, edits):
        start = ends[first - 1] if first else 0
        own = [TextEdit(edit.start - start, edit.end - start, edit.text) for edit in together]
        old = "".join(json.loads(text[slice(*one)]) for one in strings[first : last + 1])
        lines = _lines(applied(old, own))
        if first == last and len(lines) == len(_lines(old)):
            yield from _within_string(text, strings[first], own, _escapes(text, source))
        else:
            yield _anew(text, source, strings, first, last, lines)


def _within_string(text: str, string: Span, edits: Sequence[TextEdit], escapes: bool) -> Iterator[TextEdit]:
    written = characters(text, string)
    for edit in edits:
        yield TextEdit(written[edit.start], written[edit.end], json.dumps(edit.text, ensure_ascii=escapes)[1:-1])


def _runs(ends: Sequence[int], edits: Sequence[TextEdit]) -> Iterator[tuple[int, int, list[TextEdit]]]:
    """The strings, from first to last, that edits touch, with those edits; `ends` says where each string ends."""
    runs: list[tuple[int, int, list[TextEdit]]] = []
    for edit in sorted(edits):
        first, last = _touched(ends, edit)
        if runs and first <= runs[-1][1]:
            first, previous, together = runs.pop()
            runs.append((first, max(last, previous), [*together, edit]))
        else:
            runs.append((first, last, [edit]))
    yield from runs


def _touched(ends: Sequence[int], edit: TextEdit) -> tuple[int, int]:
    """The first and the last string that an edit touches."""
    final = len(ends) - 1
    first = min(bisect_right(ends, edit.start), final)
    last = max(first, min(bisect_left(ends, edit.end), final))
    takes_whole_lines = not edit.text and edit.start == (ends[first - 1] if first else 0)
    if edit.start < edit.end == ends[last] and not (takes_whole_lines or edit.text.endswith(("\n", "\r"))):
        last = min(last + 1, final)  # the end of the line goes, and the next line is joined to it
    return first, last


def _lines(text: str) -> list[str]:
    """The lines with their newlines."""
    starts = [0, *(newline.end() for newline in NEWLINE.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(starts) if start < end]


def _anew(text: str, source: Span, strings: Sequence[Span], first: int, last: int, lines: Sequence[str]) -> TextEdit:
    """New strings in place of some of a list, set apart as those that are there."""
    escapes = _escapes(text, source)
    between = text[strings[0].end : strings[1].start] if len(strings) > 1 else ", "
    written = between.join(json.dumps(line, ensure_ascii=escapes) for line in lines)
    start, end = strings[first].start, strings[last].end
    if not lines and last + 1 < len(strings):
        end = strings[last + 1].start
    elif not lines and first:
        start = strings[first - 1].end
    return TextEdit(start, end, written)


def _escapes(text: str, source: Span) -> bool:
    """Whether characters outside ASCII are written as escapes: as this source does, else as the file does."""
    written = text[slice(*source)]
    return written.isascii() if "\\u" in written or not written.isascii() else text.isascii()
