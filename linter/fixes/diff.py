"""Unified diffs: of a Python file, and of a notebook cell by cell."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

from mllint.fixes.text import TextEdit, applied
from mllint.results import Rewrite
from mllint.source.text.document import Document, read_document
from mllint.source.text.syntax import NEWLINE


def of_rewrite(rewrite: Rewrite) -> Iterator[str]:
    """The lines of the diff, without newlines."""
    before = read_document(rewrite.path, rewrite.before)
    after = read_document(rewrite.path, rewrite.after)
    yield from _between(rewrite.path, _sources(before), _sources(after))


def of_edits(document: Document, edits: Sequence[TextEdit]) -> Iterator[str]:
    """The lines of the diff that edits of a document make, without newlines."""
    after = applied(document.text, edits)
    if not document.is_notebook:
        yield from _between(document.path, {None: document.text}, {None: after})
        return
    raise NotImplementedError


def _sources(document: Document) -> Mapping[int | None, str]:
    if document.is_notebook:
        return {cell.number: cell.source for cell in document.cells}
    return {None: document.text}


def _between(path: str, before: Mapping[int | None, str], after: Mapping[int | None, str]) -> Iterator[str]:
    """The diff of texts by cell; None stands for the whole file."""
    for cell, old in before.items():
        name = path if cell is None else f"{path}:cell {cell}"
        yield from difflib.unified_diff(NEWLINE.split(old), NEWLINE.split(after[cell]), name, name, lineterm="")
