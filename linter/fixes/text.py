"""Edits of a text: replacements of spans by offsets in code points."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple


class TextEdit(NamedTuple):
    """The text from `start` to `end` (half-open) is replaced; an empty span inserts. Sorts by position."""

    start: int
    end: int
    text: str


class Conflict(ValueError):
    """Two edits of one text whose result depends on which is made first."""


def in_order(edits: Iterable[TextEdit]) -> tuple[TextEdit, ...]:
    """The edits by position, each once.

    Raises Conflict where two overlap, or insert at the same place; spans that only touch are no conflict, and an
    insertion goes between them.
    """
    ordered = tuple(sorted(set(edits)))
    for first, second in pairwise(ordered):
        if second.start < first.end or (first[:2] == second[:2] and first.start == first.end):
            raise Conflict(f"two edits meet at {second.start}")
    return ordered


def applied(text: str, edits: Iterable[TextEdit]) -> str:
    """The text after all edits, whose offsets are those of `text`.

    Raises Conflict, and ValueError for an edit that lies outside the text.
    """
    parts: list[str] = []
    done = 0
    for edit in in_order(edits):
        if not 0 <= edit.start <= edit.end <= len(text):
            raise ValueError(f"no span of the text: {edit.start}..{edit.end} of {len(text)}")
        parts += (text[done : edit.start], edit.text)
        done = edit.end
    return "".join((*parts, text[done:]))


def moved(offset: int, edits: Iterable[TextEdit]) -> int | None:
    """Where a place of the text lies after the edits; None for a place inside replaced text."""
    shift = 0
    for edit in in_order(edits):
        if edit.end <= offset:
            shift += len(edit.text) - (edit.end - edit.start)
        elif edit.start < offset:
            return None
    return offset + shift
