"""All that a repair does to a program, gathered before a letter of it is written.

Changes that meet in one call, one list or one import are made in one go; two that want different things are refused.
"""

from __future__ import annotations

import libcst as cst

from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting import strings
from mllint.fixes.rewriting.calls import CallDraft
from mllint.fixes.rewriting.program import Program
from mllint.fixes.text import Conflict, TextEdit, in_order
from mllint.rules.knowledge.rows import Signature


class Draft:
    """The edits of one repair in the making."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._calls: dict[cst.Call, CallDraft] = {}
        self._edits: dict[cst.CSTNode, tuple[TextEdit, ...]] = {}

    def call(self, node: cst.Call, signature: Signature | None) -> CallDraft:
        """The draft of a call; the same one whoever asks."""
        return self._calls.setdefault(node, CallDraft(self.program, node, signature))

    def replace(self, node: cst.CSTNode, code: str) -> None:
        """Other code in the place of an expression and its parentheses."""
        self._note(node, TextEdit(*self.program.whole(node), code))

    def replace_string(self, node: cst.CSTNode, text: str) -> None:
        """Other text between the quotes of a string."""
        self._note(node, strings.replaced(self.program, node, text))

    def _note(self, node: cst.CSTNode, *edits: TextEdit) -> None:
        if self._edits.setdefault(node, edits) != edits:
            raise Refused("two changes want different things in one place")

    def edits(self) -> tuple[TextEdit, ...]:
        """Raises Refused where two changes touch the same text."""
        found = [edit for edits in self._edits.values() for edit in edits]
        for call in self._calls.values():
            found.extend(call.edits())
        try:
            return in_order(found)
        except Conflict:
            raise Refused("two changes meet in one place") from None
