"""Lists of numbers or strings as arrays: the labels that examples and small programs write out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mllint.facts import Encoding
from mllint.source.arrays.array import Array, array, encoding_of_values, of_values
from mllint.source.program.conditions import alternatives
from mllint.source.program.values import Constant, Items, ListObject, Value

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
    state = run.store.get((value.reference, "<items>"))
    found: set[Value] = set()
    for one in alternatives(state) if state is not None else ():
        if not isinstance(one, Items):
            return None
        found.update(one.values)
    leaves = [leaf for one in found for leaf in alternatives(one)]
    if not all(isinstance(leaf, Constant) and type(leaf.value) in (int, float) for leaf in leaves):
        return None
    values = frozenset(_as_float(leaf.value) for leaf in leaves if isinstance(leaf, Constant))
    if encoding_of_values(values, (None,)) not in ("binary", "integer"):
        return None
    return of_values(value.node, values, (None,))
