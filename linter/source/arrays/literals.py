"""Lists of numbers or strings as arrays: the labels that examples and small programs write out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mllint.facts import Encoding
from mllint.source.arrays.array import Array, array, encoding_of_values, of_values
from mllint.source.program.conditions import NOT_ASSIGNED, alternatives
from mllint.source.program.python_library.containers import grown_items
from mllint.source.program.values import Constant, Items, ListObject, OneOf, Value

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

LARGEST = 4096
"""Most numbers of a literal that are read."""


def literal(run: Interpreter, value: Value) -> Array | None:
    """A nested list of constants as an array; None for any other value."""
    if isinstance(value, ListObject) and value.reference in run.grown:
        return _grown(run, value)
    shape = _shape(run, value, depth=0)
    if shape is None:
        return None
    leaves = list(_leaves(run, value))
    if not leaves or len(leaves) > LARGEST or not all(isinstance(leaf, Constant) for leaf in leaves):
        return None
    return _of_leaves(value, [leaf.value for leaf in leaves if isinstance(leaf, Constant)], shape)


def _of_leaves(value: Value, leaves: list[object], shape: tuple[int, ...]) -> Array | None:
    if all(isinstance(leaf, str) for leaf in leaves):
        return array(value.node, "string", shape, classes=len(set(leaves)) if len(shape) == 1 else None)
    if not all(isinstance(leaf, int | float) for leaf in leaves):
        return None
    numbers = [_as_float(leaf) for leaf in leaves if isinstance(leaf, int | float)]
    if not all(map(math.isfinite, numbers)):
        return array(value.node, None, shape, reason="some of the numbers are infinite or none at all")
    values = frozenset(numbers)
    encoding, classes = _encoding(numbers, values, shape)
    return array(
        value.node,
        encoding,
        shape,
        classes=classes,
        low=min(numbers),
        high=max(numbers),
        values=values,
        reason="the numbers written here may be class ids or measurements",
    )


def _as_float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf


def _encoding(
    numbers: list[float], values: frozenset[float], shape: tuple[int, ...]
) -> tuple[Encoding | None, int | None]:
    if len(shape) == 1 or (len(shape) == 2 and shape[1] == 1):
        encoding = encoding_of_values(values, shape)
        if encoding == "integer" and len(values) == len(numbers):
            return None, None  # 0, 1, 2, 3: class ids would repeat
        return encoding, len(values) if encoding in ("binary", "signed", "integer") else None
    if len(shape) != 2 or shape[0] < 2:
        return None, None
    sums = [sum(numbers[start : start + shape[1]]) for start in range(0, len(numbers), shape[1])]
    if values <= {0, 1}:
        return ("one-hot" if all(one == 1 for one in sums) else "multi-hot"), shape[1]
    if not all(value.is_integer() for value in values):
        rows_sum_to_one = min(values) >= 0 and all(abs(one - 1) < 1e-6 for one in sums)
        return ("distribution", shape[1]) if rows_sum_to_one else ("continuous", None)
    return None, None


def _shape(run: Interpreter, value: Value, depth: int) -> tuple[int, ...] | None:
    """The shape of a nested list; None where it is ragged or not known."""
    if isinstance(value, Constant):
        return () if depth else None
    items = run.iterate(value) if isinstance(value, ListObject | Items) else None
    if not items or len(items) > LARGEST or depth > 3:
        return None
    shapes = {_shape(run, item, depth + 1) for item in items}
    inner = shapes.pop()
    return (len(items), *inner) if not shapes and inner is not None else None


def _leaves(run: Interpreter, value: Value) -> Iterator[Value]:
    items = run.iterate(value) if isinstance(value, ListObject | Items) else None
    if items is None:
        yield value
    for item in items or ():
        yield from _leaves(run, item)


def _grown(run: Interpreter, value: ListObject) -> Array | None:
    """A list that a loop fills: what is appended on any path is all that occurs in it."""
    found = grown_items(run, value)
    leaves = [leaf for one in found or () for leaf in alternatives(one)]
    rows = [_indicators(run, leaf) for leaf in leaves]
    if rows and all(rows):
        return _of_rows(value, {row for row in rows if row is not None})
    values: set[float] = set()
    for leaf in leaves:
        if isinstance(leaf, OneOf):
            values |= leaf.values
        elif isinstance(leaf, Constant) and type(leaf.value) in (int, float):
            values.add(_as_float(leaf.value))
        else:
            return None
    if encoding_of_values(frozenset(values), (None,)) not in ("binary", "integer"):
        return None
    return of_values(value.node, frozenset(values), (None,))


def _indicators(run: Interpreter, value: Value) -> tuple[int, ...] | None:
    """A list of zeros and ones that the program writes; None for anything else."""
    items = _made_in_a_branch(run, value) if isinstance(value, ListObject) else run.iterate(value)
    numbers = [one.value for one in items or () if isinstance(one, Constant)]
    whole = len(numbers) == len(items or ()) and all(type(one) in (int, float) and one in (0, 1) for one in numbers)
    return tuple(map(int, numbers)) if whole and len(numbers) > 1 else None


def _made_in_a_branch(run: Interpreter, value: ListObject) -> tuple[Value, ...] | None:
    """The items of a list that only one branch makes; None where branches differ."""
    state = run.store.get((value.reference, "<items>"))
    made = [one for one in alternatives(state) if one is not NOT_ASSIGNED] if state is not None else []
    return made[0].values if len(made) == 1 and isinstance(made[0], Items) else None


def _of_rows(value: ListObject, rows: set[tuple[int, ...]]) -> Array | None:
    """An array of such rows, in any number."""
    widths = {len(row) for row in rows}
    if len(widths) > 1 or len(rows) < 2:
        return None
    (width,) = widths
    largest = max(map(sum, rows))
    encoding: Encoding | None = "one-hot" if {sum(row) for row in rows} == {1} else None
    if largest > 1:
        encoding = "multi-hot"
    return array(value.node, encoding, (None, width), classes=width if encoding else None, low=0, high=1)
