"""What the body of a class writes that may be fields of its instances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from mllint.source.program.values import Class, Constant, Made, Missing, Value

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

FIELD_FUNCTIONS = frozenset({"dataclasses.field", "attr.ib", "attr.attrib", "attr.attr", "attr.field", "attrs.field"})


@dataclass(frozen=True, eq=False, slots=True)
class Field:
    """One field of a record, as the body of its class writes it."""

    name: str
    default: Value | None
    described: Made | None
    """The call of field() or attr.ib() that describes it."""
    annotated: bool
    keyword_only: bool
    only_passed: bool
    """An InitVar: given to __post_init__, and no attribute."""

    def says(self, option: str, value: bool) -> bool:
        given = self.described.arguments.get(option) if self.described is not None else None
        return isinstance(given, Constant) and given.value is value

    @property
    def is_converted(self) -> bool:
        """Whether the attribute is another value than the argument, or the argument has another name."""
        given = self.described.arguments.keywords if self.described is not None else {}
        return "converter" in given or "alias" in given


def note(run: Interpreter, made: Class) -> None:
    """Remember the fields that the body of a class has just written; field(default=1) itself is never the value."""
    run.fields[made] = tuple(_written(run, made))
    for field in run.fields[made]:
        if field.described is not None:
            value = field.default or Missing(field.described.node, f"the field {field.name} has no value in its class")
            run.store.set((made.scope, field.name), value)


def _written(run: Interpreter, made: Class) -> Iterator[Field]:
    body = made.definition.body
    lines = body.body if isinstance(body, cst.IndentedBlock) else (body,)
    after_keyword_only = False
    for small in (small for line in lines if isinstance(line, _SIMPLE) for small in line.body):
        if isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name):
            kind = run.units.code(small.annotation.annotation)
            after_keyword_only = after_keyword_only or "KW_ONLY" in kind
            if "ClassVar" not in kind and "KW_ONLY" not in kind:
                value = run.store.get((made.scope, small.target.value)) if small.value is not None else None
                yield _field(small.target.value, value, True, after_keyword_only, "InitVar" in kind)
        elif isinstance(small, cst.Assign) and isinstance(small.targets[0].target, cst.Name):
            name = small.targets[0].target.value
            value = run.store.get((made.scope, name))
            if isinstance(value, Made) and value.symbol in FIELD_FUNCTIONS:
                yield _field(name, value, False, False, False)


_SIMPLE = (cst.SimpleStatementLine, cst.SimpleStatementSuite)


def _field(name: str, value: Value | None, annotated: bool, keyword_only: bool, only_passed: bool) -> Field:
    described = value if isinstance(value, Made) and value.symbol in FIELD_FUNCTIONS else None
    if described is not None:
        value = described.arguments.get("default", 0 if described.symbol.startswith("attr.") else None)
    field = Field(name, value, described, annotated, keyword_only, only_passed)
    return field if not field.says("kw_only", True) else Field(name, value, described, annotated, True, only_passed)
