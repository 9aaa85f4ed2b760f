"""All that a repair does to a program, gathered before a letter of it is written.

Changes that meet in one call, one list or one import are made in one go; two that want different things are refused.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting import sequences, statements, strings
from mllint.fixes.rewriting.calls import CallDraft
from mllint.fixes.rewriting.imports import ImportDraft
from mllint.fixes.rewriting.named import NamedDraft, Row
from mllint.fixes.rewriting.names import Names
from mllint.fixes.text import Conflict, TextEdit, in_order
from mllint.repairs import Change
from mllint.rules.knowledge.rows import Signature


class Draft:
    """The edits of one repair in the making."""

    def __init__(self, names: Names, changes: Sequence[Change] = ()) -> None:
        self.changes = changes
        self.program = names.program
        self.names = names
        self._imports = ImportDraft(self.program, names)
        self._calls: dict[cst.Call, CallDraft] = {}
        self._named: dict[cst.BaseExpression, NamedDraft] = {}
        self._edits: dict[cst.CSTNode, tuple[TextEdit, ...]] = {}
        self._around: set[TextEdit] = set()
        self._removed_items: dict[cst.List | cst.Tuple | cst.Dict, set[int]] = {}
        self._removed_statements: dict[cst.BaseSmallStatement, None] = {}

    # ---- asking for changes ----------------------------------------------------------------------------------------

    def call(self, node: cst.Call, signature: Signature | None) -> CallDraft:
        """The draft of a call; the same one whoever asks."""
        return self._calls.setdefault(node, CallDraft(self.program, node, signature))

    def named(self, node: cst.BaseExpression, row: Row | None) -> NamedDraft:
        """The draft of a name that stands for a loss or a metric; the same one whoever asks."""
        symbol = self.names.symbol(node)
        return self._named.setdefault(node, NamedDraft(self.program, node, row, symbol))

    def replace(self, node: cst.CSTNode, code: str) -> None:
        """Other code in the place of an expression and its parentheses."""
        self.edit(node, TextEdit(*self.program.whole(node), code))

    def replace_string(self, node: cst.CSTNode, text: str) -> None:
        """Other text between the quotes of a string."""
        self.edit(node, strings.replaced(self.program, node, text))

    def edit(self, node: cst.CSTNode, *edits: TextEdit) -> None:
        """All that is done to a node. Raises Refused where something else is done to it already."""
        if self._edits.setdefault(node, edits) != edits:
            raise Refused("two changes want different things in one place")

    def put_around(self, node: cst.CSTNode, opening: str, closing: str) -> None:
        """Code before and behind an expression, whatever becomes of it."""
        start, end = self.program.whole(node)
        self._around |= {TextEdit(start, start, opening), TextEdit(end, end, closing)}

    def remove_item(self, owner: cst.List | cst.Tuple | cst.Dict, index: int) -> None:
        self._removed_items.setdefault(owner, set()).add(index)

    def remove_statement(self, statement: cst.BaseSmallStatement) -> None:
        self._removed_statements[statement] = None

    def spell(self, symbol: str, at: cst.CSTNode) -> str:
        """The code for a canonical name at a place; imports are added where nothing reaches it. Raises Refused."""
        return self._imports.spell(symbol, at)

    def spell_beside(self, func: cst.BaseExpression, symbol: str) -> str:
        """The same, reached as what `func` names is reached where both are in one module. Raises Refused."""
        return self._imports.spell_beside(func, symbol)

    # ---- the edits -------------------------------------------------------------------------------------------------

    def edits(self) -> tuple[TextEdit, ...]:
        """Raises Refused where two changes touch the same text."""
        found = [*self._around, *(edit for edits in self._edits.values() for edit in edits)]
        for name in self._named.values():
            found.extend(name.edits(self.spell, self.spell_beside))
        for call in self._calls.values():
            found.extend(call.edits())
        for owner, removed in self._removed_items.items():
            found.extend(sequences.without_elements(self.program, owner, removed))
        found.extend(statements.removals(self.program, self._removed_statements))
        found.extend(self._imports.edits(found))
        try:
            return in_order(found)
        except Conflict:
            raise Refused("two changes meet in one place") from None
