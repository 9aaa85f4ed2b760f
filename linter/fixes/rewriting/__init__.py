"""Changes in the words of the facts → edits of the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from mllint.fixes.refusal import Refused
from mllint.fixes.text import TextEdit
from mllint.repairs import Change, SetText
from mllint.source.lens import SourceLens


def edits_for(changes: Sequence[Change], lens: SourceLens) -> tuple[TextEdit, ...]:
    """The edits of `lens.document.text` that make all the changes. Raises Refused."""
    return tuple(edit for change in changes for edit in _edits(change, lens))


def _edits(change: Change, lens: SourceLens) -> Iterator[TextEdit]:
    node = change.place.anchor if isinstance(change, SetText) else None
    if not isinstance(change, SetText) or not isinstance(node, cst.SimpleString):
        raise Refused("there is no way yet to write this change")
    start, end = lens.span(node)
    yield TextEdit(start + len(node.prefix) + len(node.quote), end - len(node.quote), change.text)
