"""Unified diffs: of a Python file as a whole, of a notebook cell by cell."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from mllint.files.file_names import quoted
from mllint.results import Rewrite
from mllint.source.text.document import Document, read_document


def of_rewrite(rewrite: Rewrite) -> Iterator[str]:
    """The lines of the diff, without newlines; a carriage return before a newline is part of its line."""
    before, after = (read_document(rewrite.path, source) for source in (rewrite.before, rewrite.after))
    yield from of_documents(before, after)


def of_documents(before: Document, after: Document) -> Iterator[str]:
    """The lines of the diff between two versions of one file, of which the cells are the same."""
    if not before.is_notebook:
        yield from _between(before.path, before.text, after.text)
    for old, new in zip(before.cells, after.cells, strict=True):
        yield from _between(f"{before.path}:cell {old.number}", old.source, new.source)


def _between(name: str, before: str, after: str) -> Iterator[str]:
    for line in difflib.unified_diff(_lines(before), _lines(after), quoted(name), quoted(name)):
        yield line.removesuffix("\n")
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _lines(text: str) -> list[str]:
    """The lines as git and patch see them, each with its newline."""
    *whole, rest = text.split("\n")
    return [*(f"{line}\n" for line in whole), *([rest] if rest else ())]
