"""A loss or a metric that is asked for by its name: a string, a function, or a class that Keras calls itself.

Arguments need an object: then the name gives way to a call of the class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import libcst as cst

from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting import strings
from mllint.fixes.rewriting.program import Program
from mllint.fixes.text import TextEdit
from mllint.repairs import Written
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import Spelled, Spelling, SpellingKind

Row = Spelled[Any]
OWN: Final = "is of your own making: what may take its place is for you to say"

SpellBeside = Callable[[cst.BaseExpression, str], str]
Spell = Callable[[str, cst.CSTNode], str]


@dataclass
class NamedDraft:
    """What becomes of one name; `row` is what it stands for today."""

    program: Program
    node: cst.BaseExpression
    row: Row | None
    symbol: str | None
    """The canonical name of a function or class; None for a string."""
    target: Row | None = None
    values: dict[str, Written] = field(default_factory=dict)

    def become(self, row: Row) -> None:
        if self.target not in (None, row):
            raise Refused("two changes want different things in one place")
        self.target = row

    def pass_value(self, parameter: str, value: Written) -> None:
        if self.values.setdefault(parameter, value) != value:
            raise Refused(f"two changes want different values for {parameter}")

    def edits(self, spell: Spell, spell_beside: SpellBeside) -> Iterator[TextEdit]:
        """Raises Refused where Keras has nothing of the kind."""
        row = self.target or self.row
        if row is None:
            raise Refused("what the name stands for is not known")
        own = self.symbol or self._text()
        if knowledge.is_taught(own):
            if self.values or row is not self.row:
                raise Refused(f"{own} {OWN}")
            return
        if self.values:
            yield TextEdit(*self.program.whole(self.node), self._object(row, spell))
        elif self.symbol is None:
            yield strings.replaced(self.program, self.node, _identifier(row, self._text()))
        else:
            kind: SpellingKind = "class" if _is_class(self.symbol) else "function"
            code = spell_beside(self.node, spelling_of(row, kind).symbol)
            yield TextEdit(*self.program.whole(self.node), code)

    def _object(self, row: Row, spell: Spell) -> str:
        spelling = spelling_of(row, "class")
        for parameter in self.values:
            if parameter not in spelling.signature.parameters:
                raise Refused(f"{spelling.symbol.rpartition('.')[2]} takes no {parameter}")
        arguments = (f"{name}={strings.literal(self.program, self.node, value)}" for name, value in self.values.items())
        return f"{spell(spelling.symbol, self.node)}({', '.join(arguments)})"

    def _text(self) -> str:
        return str(self.node.evaluated_value) if isinstance(self.node, cst.SimpleString) else ""


def spelling_of(row: Row, kind: SpellingKind) -> Spelling:
    """The class or function of Keras for a row. Raises Refused where Keras has none."""
    spellings: tuple[Spelling, ...] = row.spellings
    for spelling in spellings:
        if spelling.kind == kind and spelling.symbol.startswith(("keras.losses.", "keras.metrics.")):
            return spelling
    raise Refused(f"Keras has no {kind} for {row.name}")


def _identifier(row: Row, today: str) -> str:
    """The string for a row: the name of a class where a class is named today."""
    classes = (one.symbol.rpartition(".")[2] for one in row.spellings if one.kind == "class")
    named = (name for name in classes if name in row.identifiers)
    name = next(named, None) if today[:1].isupper() and not today.isupper() else None
    if name is None and row.name not in row.identifiers:
        raise Refused(f"Keras knows no string for {row.name}")
    return name or row.name


def _is_class(symbol: str) -> bool:
    return symbol.rpartition(".")[2][:1].isupper()
