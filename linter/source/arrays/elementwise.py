"""Arithmetic, comparisons and indexing of arrays: what they leave of an encoding."""

from __future__ import annotations

import operator as python_operator
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import libcst as cst

from mllint.source.arrays.array import (
    FROM_FILES,
    TOKENS,
    Array,
    Shape,
    Trait,
    array,
    broadcast,
    chosen_rows,
    computed_from,
    first_rows,
    of_values,
    row,
    same,
    shaped,
    unknown,
)
from mllint.source.arrays.calls import as_array, number
from mllint.source.program.values import Constant, Missing, Value, new_reference

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

_NUMERIC: Mapping[str, Callable[[float, float], float]] = {
    "Add": python_operator.add,
    "Subtract": python_operator.sub,
    "Multiply": python_operator.mul,
    "Divide": python_operator.truediv,
}
_ZERO_ONE = frozenset((0.0, 1.0))
SHIFTED = "numbers from a file that something is subtracted from"
_OF_PIXELS = (127.0, 127.5, 128.0, 255.0, 256.0)
"""Divisors that normalise images, or masks of 0 and 255; (y + 1) / 2 and the like make 0 and 1 of -1 and 1."""

# ---- arithmetic ----------------------------------------------------------------------------------------------------


def operate(run: Interpreter, operator: str, left: Value, right: Value, node: cst.CSTNode) -> Value:
    """`left operator right`, where at least one side is an array."""
    first, second = as_array(run, left), as_array(run, right)
    if operator in ("BitAnd", "BitOr", "BitXor") and first is not None and second is not None:
        shape = _broadcast(first, second)
        if first.kind == second.kind == "binary" and shape is not None and _is_column(shape):
            return computed_from(indicators(node, shape, first.sample), first, second)
        return unknown(first, node, "a combination of conditions", shape)
    if first is not None and isinstance(right, Constant):
        return _with_number(operator, first, right, node)
    if second is not None and isinstance(left, Constant):
        return _number_with(operator, left, second, node)
    return _with_other(left, right, first, second, node)


def _number_with(operator: str, left: Constant, right: Array, node: cst.CSTNode) -> Array:
    if operator in ("Add", "Multiply"):
        return _with_number(operator, right, left, node)
    values = _values_of(right)
    compute = _NUMERIC.get(operator)
    if values is not None and compute is not None and _is_number(left.value) and 0 not in values | {left.value}:
        return of_values(node, frozenset(compute(left.value, one) for one in values), right.axes, right)
    if operator == "Subtract" and right.kind == "binary" and left.value == 1:
        return computed_from(replace(same(right, node)), right)
    if right.kind in ("image", "continuous"):
        return _still(right, node)
    return unknown(right, node, "a computation on labels", right.axes)


def _with_number(operator: str, source: Array, right: Constant, node: cst.CSTNode) -> Array:
    by = number(right)
    if by is None:
        return unknown(source, node, "a computation on labels", source.axes)
    compute = _NUMERIC.get(operator)
    if compute is None or (operator == "Divide" and by == 0):
        return _other_operator(operator, source, by, node)
    if by == {"Add": 0, "Subtract": 0}.get(operator, 1):
        return same(source, node)
    values = _values_of(source)
    if values is not None:
        return of_values(node, frozenset(compute(one, by) for one in values), source.axes, source)
    if source.kind in ("image", "continuous"):
        kept = source.identity if operator in ("Divide", "Subtract") else None
        return _rescaled(source, operator, by, node, kept)
    if source.kind == "integer" and operator == "Divide" and by > 1:
        divided = replace(_rescaled(source, operator, by, node, None), divided_by=Trait(by, node))
        return replace(divided, encoding=Trait("continuous", node))
    shifted = source.low.value + (by if operator == "Add" else -by) if source.low is not None else -1.0
    if source.kind is None and source.reason == SHIFTED and operator == "Divide" and by > 2 and by not in _OF_PIXELS:
        # (y - 48) / 48 puts zero in the middle of what was counted from zero.
        centred = source.low is not None and source.low.value == -by
        scaled = array(node, "continuous", source.axes, low=-1 if centred else None, sample=source.sample)
        return computed_from(scaled, source)
    if source.kind is None and source.reason in FROM_FILES and operator == "Subtract" and (source.rank or 0) <= 2:
        return replace(unknown(source, node, SHIFTED, source.axes), low=Trait(-by, node))
    if source.kind == "integer" and operator in ("Add", "Subtract") and by == int(by) and shifted >= 0:
        return _rescaled(source, operator, by, node, None)
    return unknown(source, node, "a computation on labels", source.axes)


def _other_operator(operator: str, source: Array, by: float, node: cst.CSTNode) -> Array:
    if operator == "Modulo" and source.kind == "integer" and by == int(by) and by >= 2:
        fewer = source.classes is None or source.classes.value < by
        return indices(node, None if fewer and by > 2 else int(by), source.axes)
    if source.kind in ("image", "continuous"):
        return _still(source, node)
    return unknown(source, node, "a computation on labels", source.axes)


def _rescaled(source: Array, operator: str, by: float, node: cst.CSTNode, identity: int | None) -> Array:
    compute = _NUMERIC[operator]
    ends = (source.low, source.high)
    bounds = [Trait(compute(end.value, by), end.node) if end is not None else None for end in ends]
    low, high = reversed(bounds) if operator in ("Multiply", "Divide") and by < 0 else bounds
    made = same(source, node, low=low, high=high, dtype=None, values=None, memory=new_reference())
    if identity is not None:
        return made
    return replace(computed_from(made, source), identity=array(None).identity)


def _still(source: Array, node: cst.CSTNode) -> Array:
    """Numbers of the same kind, in a range that is not known any more."""
    made = array(node, source.kind, source.axes, reason=source.reason, sample=source.sample)
    return computed_from(replace(made, encoding=source.encoding), source)


def _with_other(left: Value, right: Value, first: Array | None, second: Array | None, node: cst.CSTNode) -> Array:
    kinds = {one.kind for one in (first, second) if one is not None}
    shape = _broadcast(first, second)
    sample = all(one.sample for one in (first, second) if one is not None)
    if "image" in kinds and kinds <= {"image", "continuous", None}:
        made = array(node, "image", shape, sample=sample)
    elif kinds == {"continuous"}:
        made = array(node, "continuous", shape, sample=sample)
    else:
        made = array(node, shape=shape, reason="a computation on labels", sample=sample)
    return computed_from(made, left, right)


def _broadcast(first: Array | None, second: Array | None) -> Shape | None:
    if first is None or second is None or first.sample != second.sample:
        return None
    return broadcast(first.axes, second.axes)


def _is_column(axes: Shape) -> bool:
    return ... not in axes and (len(axes) == 1 or (len(axes) == 2 and axes[-1] == 1))


def _values_of(source: Array) -> frozenset[float] | None:
    """Every value of an array of few values."""
    if source.values is not None:
        return source.values
    return _ZERO_ONE if source.kind in ("binary", "one-hot", "multi-hot") else None


def _is_number(value: object) -> bool:
    return number(Constant(None, value)) is not None


def compare(run: Interpreter, left: Value, right: Value, node: cst.CSTNode) -> Array:
    """`left > right`, where at least one side is an array: zeros and ones in its shape."""
    first, second = as_array(run, left), as_array(run, right)
    source = first or second
    if source is None or isinstance(left, Missing) or isinstance(right, Missing):
        return computed_from(array(node, reason="a comparison with something that is not known"), left, right)
    if first is None or second is None:
        return _truth(source, node)
    shape = _broadcast(first, second)
    if shape is not None and _is_column(shape):
        return computed_from(indicators(node, shape, source.sample), left, right)
    if shape is not None and _is_equality(node) and (_names_each(first, second) or _names_each(second, first)):
        made = array(node, "one-hot", shape, classes=_as_int(shape[-1]), low=0, high=1, dtype="bool")
        return computed_from(replace(made, sample=source.sample), left, right)
    return computed_from(array(node, None, shape, reason="a comparison", sample=source.sample), left, right)


def _truth(source: Array, node: cst.CSTNode) -> Array:
    """Zeros and ones, one for each number of the array."""
    if source.kind in ("one-hot", "distribution"):
        return unknown(source, node, "indicator columns that are compared", source.axes)
    return computed_from(indicators(node, source.axes, source.sample), source)


def _is_equality(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Comparison) and isinstance(node.comparisons[0].operator, cst.Equal)


def _names_each(ids: Array, counted: Array) -> bool:
    """Whether a column of class ids is compared with 0, 1, 2 … in one row."""
    columns = counted.last_axis if (counted.rank or 0) > 1 else counted.axes[-1] if counted.rank == 1 else None
    return (
        ids.kind == "integer"
        and ids.rank == 2
        and ids.axes[-1] == 1
        and counted.counts_up
        and isinstance(columns, int)
        and counted.axes in ((columns,), (1, columns))
        and (ids.classes is None or ids.classes.value <= columns)
    )


def indicators(node: cst.CSTNode | None, axes: Shape, sample: bool = False) -> Array:
    """Independent zeros and ones: one column of them is binary, more are multi-hot."""
    rank = None if ... in axes else len(axes) + sample
    if rank == 1 or (rank == 2 and axes[-1] == 1):
        made = array(node, "binary", axes, classes=2, low=0, high=1, values=_ZERO_ONE, dtype="bool")
    elif rank == 2 and axes[-1] is not None:
        made = array(node, "multi-hot", axes, classes=_as_int(axes[-1]), low=0, high=1, dtype="bool")
    else:
        made = array(node, None, axes, low=0, high=1, dtype="bool", reason="zeros and ones in a shape not known")
    return replace(made, sample=sample)


def indices(node: cst.CSTNode | None, classes: int | None, axes: Shape, sample: bool = False) -> Array:
    """Whole numbers from 0 below `classes`."""
    if classes == 2:
        return replace(indicators(node, axes, sample), dtype=None)
    if classes == 1:
        return array(node, None, axes, low=0, high=0, values=frozenset((0.0,)), reason="every label is the same")
    high = classes - 1 if classes is not None else None
    return array(node, "integer", axes, classes=classes, low=0, high=high, sample=sample)


def _as_int(size: object) -> int | None:
    return size if isinstance(size, int) else None


# ---- indexing ------------------------------------------------------------------------------------------------------

Piece: TypeAlias = "Literal['all', 'part', 'new', 'rest', 'name', 'unknown'] | int | Array"
"""One part of an index: a full slice, any other slice, None, an Ellipsis, a column's name, something unknown, a number,
an array."""


def piece(run: Interpreter, slice_node: cst.BaseSlice) -> Piece:
    if isinstance(slice_node, cst.Slice):
        full = slice_node.lower is None and slice_node.upper is None
        return "all" if full else "part"
    assert isinstance(slice_node, cst.Index)
    value = run.evaluate(slice_node.value)
    if isinstance(value, Constant):
        if value.value is None:
            return "new"
        if value.value is ...:
            return "rest"
        if isinstance(value.value, str):
            return "name"
        return value.value if isinstance(value.value, int) and not isinstance(value.value, bool) else "unknown"
    if isinstance(value, Missing) and _counts_rounds(value):
        return array(value.node, None, (), reason="the number of a round", sample=True)
    if isinstance(value, Missing):
        return (
            "new"
            if isinstance(slice_node.value, cst.Attribute) and slice_node.value.attr.value == "newaxis"
            else ("unknown")
        )
    if getattr(value, "name", None) in ("numpy.newaxis", "tensorflow.newaxis"):
        return "new"
    return as_array(run, value) or "unknown"


def _counts_rounds(value: Missing) -> bool:
    """Whether a number that is not known is the one that a loop over range() or enumerate() counts with."""
    node = value.node
    return type(node) is cst.Call and type(node.func) is cst.Name and node.func.value in ("range", "enumerate")


def index(source: Array, pieces: tuple[Piece, ...], node: cst.CSTNode) -> Array:
    """`source[pieces]`."""
    if len(pieces) == 1:
        return _rows(source, pieces[0], node)
    first, *rest = pieces
    if "rest" in pieces:
        if pieces == ("rest", "new"):
            return shaped(source, (*source.axes, 1), node) if source.shape is not None else same(source, node)
        return _columns(source, pieces[-1], node)
    if first in ("all", "part") and not source.sample:
        stretch = source if first == "all" else first_rows(source, node)
        if rest == ["new"]:
            return shaped(stretch, (*stretch.axes, 1), node) if source.rank == 1 else _lost(source, node)
        if all(one == "all" for one in rest):
            return same(stretch, node)
        if len(rest) == 1 and source.rank in (2, None):
            return _columns(stretch, rest[0], node)
    return _lost(source, node)


def _rows(source: Array, chosen: Piece, node: cst.CSTNode) -> Array:
    if chosen == "all" or chosen == "rest":
        return same(source, node)
    if chosen == "part":
        return first_rows(source, node) if not source.sample else _lost(source, node)
    if isinstance(chosen, Array) and chosen.rank == 1 and chosen.kind != "string" and not source.sample:
        return _picked(source, chosen, node)
    if chosen == "name" or (isinstance(chosen, Array) and chosen.kind == "string"):
        return _columns(source, 0 if chosen == "name" else chosen, node) if source.rank == 2 else _lost(source, node)
    if isinstance(chosen, int):
        return row(source, node)
    if isinstance(chosen, Array) and chosen.rank == 0 and not source.sample:
        return row(source, node)
    if chosen == "new":
        if ... in source.axes or source.sample or source.kind == "binary":
            return unknown(source, node, "one row of labels", (1, *source.axes) if ... not in source.axes else None)
        return shaped(source, (1, *source.axes), node)
    if source.sample:
        return _lost(source, node)
    last = source.last_axis
    some = chosen_rows(source, node)
    return shaped(some, (..., last) if last is not None else (...,), node)


def _picked(source: Array, chosen: Array, node: cst.CSTNode) -> Array:
    """The rows that an array of row numbers or of truth values picks; all rows in another order are the same data."""
    some = chosen_rows(source, node)
    if not chosen.mixed or chosen.kind == "binary":
        return some
    if not source.mixed and chosen.axes != source.axes[:1]:
        return some
    return replace(same(source, node), shape=some.shape, mixed=True)


_OF_COLUMN = {"one-hot": "binary", "multi-hot": "binary"}


def _columns(source: Array, chosen: Piece, node: cst.CSTNode) -> Array:
    """One or some columns of a matrix; they are other data than the whole."""
    if chosen == "all":
        return same(source, node)
    axes = source.axes
    if isinstance(chosen, int) or chosen == "name":
        if source.rank == 2 and axes[-1] == 1:
            return shaped(source, axes[:1], node)
        shape: Shape | None = axes[:1] if source.rank == 2 else None
        if source.rank == 2 and source.kind in _OF_COLUMN:
            return computed_from(indicators(node, axes[:1]), source)
    else:
        shape = (axes[0], None) if source.rank == 2 else None
    if source.reason == TOKENS and isinstance(chosen, int):
        return computed_from(indices(node, None, axes[:1]), source)
    kept = source.kind if source.kind in ("continuous", "integer") and source.rank == 2 else None
    made = array(node, None, shape, reason=source.reason)
    if kept == "continuous":
        made = replace(made, encoding=source.encoding, low=source.low, high=source.high)
    elif kept == "integer":
        made = replace(made, encoding=source.encoding, low=source.low, high=source.high, classes=source.classes)
    return made


def _lost(source: Array, node: cst.CSTNode) -> Array:
    return unknown(source, node, "picked out by an index that is not followed")
