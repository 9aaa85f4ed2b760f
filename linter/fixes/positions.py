"""Edits by offset in a document's text, and by the lines and columns that users see."""

from __future__ import annotations

from mllint.findings import Edit
from mllint.fixes.text import TextEdit
from mllint.source.text.document import Document


def located(edit: TextEdit, document: Document) -> Edit:
    """As users see it."""
    start, end = document.position_of(edit.start), document.position_of(edit.end)
    return Edit(document.path, start.line, start.column, end.line, end.column, edit.text, start.cell)


def unlocated(edit: Edit, document: Document) -> TextEdit:
    """By offsets in the text."""
    start = document.offset_of(edit.line, edit.column, edit.cell)
    end = document.offset_of(edit.end_line, edit.end_column, edit.cell)
    return TextEdit(start, end, edit.text)
