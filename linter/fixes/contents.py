"""Edits of a document's text → the bytes of its file, of which everything outside the edits stays as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from mllint.fixes.notebook import EditedCell, with_edited_cells
from mllint.fixes.refusal import Refused
from mllint.fixes.text import TextEdit, applied
from mllint.source.text.document import Document
from mllint.source.text.notebook import Cell


def rewritten(document: Document, source: bytes, edits: Sequence[TextEdit]) -> bytes:
    """The file's bytes after the edits; `source` is what the document was read from.

    Raises Refused where the file cannot express them: characters outside its encoding, code that IPython and not
    Python runs, cells that are not judged.
    """
    if document.is_notebook:
        return with_edited_cells(source, _edits_by_cell(document, edits))
    if _encoded(document, document.text) != source:
        raise Refused(f"the file would not survive being decoded and encoded again as {document.encoding}")
    return _encoded(document, applied(document.text, edits))


def _encoded(document: Document, text: str) -> bytes:
    try:
        return text.encode(document.encoding)
    except UnicodeEncodeError as error:
        character = text[error.start]
        raise Refused(f"the file's encoding, {document.encoding}, cannot express {character!r}") from error


# ---------------------------------------------------------------- notebooks


def _edits_by_cell(document: Document, edits: Sequence[TextEdit]) -> tuple[EditedCell, ...]:
    """The edits in offsets of the cells' own sources. Raises Refused."""
    by_cell: dict[int, list[TextEdit]] = defaultdict(list)
    cells = {cell.number: cell for cell in document.cells}
    for edit in edits:
        number = document.position_of(edit.start).cell
        if number is None or number != document.position_of(edit.end).cell:
            raise Refused("the change would reach over several cells")
        start = document.offset(cells[number].first_line, 0)
        own = TextEdit(edit.start - start, edit.end - start, edit.text)
        _check(document, cells[number], own, start)
        by_cell[number].append(own)
    return tuple(EditedCell(number, tuple(own)) for number, own in sorted(by_cell.items()))


def _check(document: Document, cell: Cell, edit: TextEdit, start: int) -> None:
    """What is replaced, with a character before and after it, must be the cell's own text and not a stand-in for
    IPython's syntax. Raises Refused."""
    if cell.number in {skipped.cell for skipped in document.skipped}:
        raise Refused(f"cell {cell.number} does not parse")
    first, last = max(edit.start - 1, 0), min(edit.end + 1, len(cell.source))
    if edit.end > len(cell.source) or document.text[start + first : start + last] != cell.source[first:last]:
        raise Refused("the change would touch what IPython runs, not Python")
