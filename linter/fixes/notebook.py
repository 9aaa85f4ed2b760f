"""Changed cells of a Jupyter notebook, written into its JSON: every byte outside the changed text stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mllint.fixes.refusal import Refused
from mllint.fixes.text import TextEdit


@dataclass(frozen=True, slots=True)
class EditedCell:
    """Edits of one cell in offsets of its source; `number` counts all cells, from 1."""

    number: int
    source: str
    edits: tuple[TextEdit, ...]


def with_edited_cells(raw: bytes, edited: Sequence[EditedCell]) -> bytes:
    """The notebook's bytes with the cells changed. Raises Refused."""
    raise Refused("notebooks are not written yet")
