"""Where the cells of a notebook stand in its JSON. The notebook is known to be valid: it was read before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from mllint.source.text.json_text import Span, characters, items, members, value_at


def sources_in(text: str) -> Iterator[Span]:
    """The source of each cell, code or not, in the order in which they are read."""
    notebook = members(text, value_at(text, 0))
    if "cells" in notebook or text[notebook["worksheets"].start] != "[":
        holders = [notebook]
    else:
        holders = [members(text, sheet) for sheet in items(text, notebook["worksheets"])]  # nbformat 3 and before
    for holder in holders:
        for cell in items(text, holder["cells"]):
            parts = members(text, cell)
            yield parts.get("source", parts.get("input", Span(cell.end, cell.end)))


def characters_of(text: str, source: Span) -> tuple[int, ...]:
    """Where each character of a source is written, and where the last one ends: one more than it has characters."""
    strings = [source] if text[source.start] == '"' else list(items(text, source))
    if not strings:
        return (source.end - 1,)
    written = [characters(text, string) for string in strings]
    return (*chain.from_iterable(starts[:-1] for starts in written), written[-1][-1])
