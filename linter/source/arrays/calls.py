"""One call of a data function: its arguments by the names of the knowledge row."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import libcst as cst

from mllint.rules.knowledge.rows import DataFunctionRow
from mllint.source.arrays.array import Array, Many, Shape, Table, array, of_values, row, stacked, unknown
from mllint.source.arrays.literals import literal
from mllint.source.program.conditions import simplify
from mllint.source.program.values import (
    Choice,
    Constant,
    Items,
    ListObject,
    Missing,
    OneOf,
    Symbol,
    Value,
    new_reference,
)

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


class NotKnown:
    """Stands for an argument that is given but not a constant."""


NOT_KNOWN = NotKnown()

LARGEST = 1e100
"""Largest number that is computed with."""


@dataclass(frozen=True, slots=True)
class DataCall:
    """`positional` starts with the receiver of a method."""

    run: Interpreter
    node: cst.CSTNode
    row: DataFunctionRow
    positional: tuple[Value, ...]
    keywords: dict[str, Value]

    def at(self, index: int) -> Value | None:
        """The argument for a parameter, by its position in the signature."""
        if index < len(self.positional):
            return self.positional[index]
        parameters = self.row.signature.parameters
        return self.named(parameters[index]) if index < len(parameters) else None

    def named(self, name: str) -> Value | None:
        if name in self.keywords:
            return self.keywords[name]
        for other, meant in self.row.keywords.items():
            if meant == name and other in self.keywords:
                return self.keywords[other]
        parameters = self.row.signature.parameters
        position = parameters.index(name) if name in parameters else len(self.positional)
        return self.positional[position] if position < len(self.positional) else None

    def constant(self, name: str) -> Any:
        """The constant given, or the default; NOT_KNOWN for anything else."""
        value = self.named(name)
        if value is None:
            return self.row.signature.defaults.get(name)
        return constant(self.run, value)

    def array(self, index: int) -> Array | None:
        value = self.at(index)
        return as_array(self.run, value) if value is not None else None

    def missing(self, reason: str) -> Missing:
        return Missing(self.node, reason)


Effect = Callable[[DataCall], Value]
"""What a call makes."""


def constant(run: Interpreter, value: Value) -> Any:
    """A constant, or a list of constants; NOT_KNOWN for anything else."""
    value = simplify(value, run.world)
    if isinstance(value, Constant):
        return value.value
    items = run.iterate(value)
    if items is not None:
        values = [constant(run, item) for item in items]
        if not any(one is NOT_KNOWN for one in values):
            return values
    return NOT_KNOWN


def as_array(run: Interpreter, value: Value) -> Array | None:
    """The array that NumPy would make of a value; None where nothing is known of it."""
    value = simplify(value, run.world)
    if isinstance(value, Array):
        return run.filled(value)
    if isinstance(value, Table):
        from mllint.source.arrays.tables import values_of

        return values_of(run, value)
    if isinstance(value, Many):
        item = as_array(run, value.item)
        return stacked(item, value.node) if item is not None else None
    if isinstance(value, OneOf):
        return row(of_values(value.node, value.values, (None,)), value.node)
    if isinstance(value, ListObject | Items | Choice):
        return literal(run, value)
    return None


def dimensions(run: Interpreter, value: Value | None) -> Shape | None:
    """A shape argument; None where the number of axes is not known."""
    if value is None:
        return None
    value = simplify(value, run.world)
    if isinstance(value, Constant) and value.value is None:
        return ()
    items = run.iterate(value) if isinstance(value, Items | ListObject) else (value,)
    if isinstance(value, Missing) and is_one_number(value):
        return (None,)
    if isinstance(value, Missing | Choice) or items is None:
        return None
    return tuple(size(one) for one in items)


def is_one_number(value: Missing) -> bool:
    """Whether a value that is not known is a number all the same: a length, or the size of an axis."""
    node = value.node
    if type(node) is cst.Call:
        return type(node.func) is cst.Name and node.func.value in ("len", "int")
    if type(node) is not cst.Subscript or len(node.slice) != 1 or type(node.slice[0].slice) is not cst.Index:
        return False
    return type(node.value) is cst.Attribute and node.value.attr.value == "shape"


def size(value: Value) -> int | None:
    number = value.value if isinstance(value, Constant) else None
    return number if isinstance(number, int) and not isinstance(number, bool) and number >= 0 else None


def whole_number(value: Value | None) -> int | None:
    number = value.value if isinstance(value, Constant) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def number(value: Value | None) -> float | None:
    found = value.value if isinstance(value, Constant) else None
    if not isinstance(found, int | float) or isinstance(found, bool) or abs(found) > LARGEST:
        return None
    return None if math.isnan(found) else float(found)


_PYTHON_TYPES = {"int": "int64", "float": "float64", "bool": "bool", "str": "str"}


def dtype_name(value: Value | None) -> str | None:
    """float32, int64, bool, str …; None where it is not known."""
    if isinstance(value, Symbol):
        last = value.name.rpartition(".")[2].rstrip("_")
    elif isinstance(value, Constant) and isinstance(value.value, str):
        last = value.value
    else:
        return None
    return _PYTHON_TYPES.get(last, last)


def cast(source: Array, dtype: str | None, node: cst.CSTNode) -> Array:
    """astype: a cast of floats to whole numbers loses the encoding, any other keeps it."""
    from mllint.source.arrays.array import Trait, same

    if dtype is None:
        lost = source.kind in ("continuous", "distribution", "string")
        return unknown(source, node, "cast to a type that is not known", source.axes) if lost else same(source, node)
    trait = Trait(dtype, node)
    if dtype.startswith(("str", "<U", "object", "category", "datetime")):
        if dtype.startswith(("str", "<U")):
            return array(node, "string", source.axes)
        return same(source, node)
    whole = dtype.startswith(("int", "uint", "bool", "long"))
    if whole and source.kind in ("continuous", "distribution"):
        return unknown(source, node, "floats cast to whole numbers", source.axes)
    if source.kind == "string":
        return unknown(source, node, "text turned into numbers", source.axes)
    if dtype.startswith("bool") and source.kind not in ("binary", "one-hot", "multi-hot"):
        return unknown(source, node, "numbers cast to truth values", source.axes)
    return same(source, node, dtype=trait, memory=new_reference())
