"""What the interpreter knows of the data: arrays, tables of columns, and streams of batches.

An array is not its numbers but what they mean: the encoding, the shape, the range. Each trait remembers the node that
it was read from.
"""

from __future__ import annotations

import math
from dataclasses import field, replace
from types import EllipsisType
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from mllint.facts import Encoding
from mllint.source.program.values import Object, Value, immutable, new_reference

if TYPE_CHECKING:
    import libcst as cst

T = TypeVar("T")

Shape: TypeAlias = "tuple[int | EllipsisType | None, ...]"
"""Sizes of the axes, None where a size is not known; an Ellipsis at the front stands for any number of axes."""

NOT_FOLLOWED = "where the labels come from is not followed"
FROM_A_FILE = "the values come from a file or from columns that are not known"
FROM_A_TEXT = "the values come from a file"
TOKENS = "token ids"
FROM_FILES = (FROM_A_FILE, FROM_A_TEXT)


@immutable
class Trait(Generic[T]):
    """Something known of an array, and where it was written."""

    value: T
    node: cst.CSTNode | None


@immutable
class Array(Value):
    """An array, a column of a table, or (with `sample`) one row of it; None stands for what is not known."""

    encoding: Trait[Encoding] | None = None
    shape: Trait[Shape] | None = None
    classes: Trait[int] | None = None
    dtype: Trait[str] | None = None
    low: Trait[float] | None = None
    high: Trait[float] | None = None
    divided_by: Trait[float] | None = None
    values: frozenset[float] | None = None
    """Every value that occurs, where the program writes them."""
    sample: bool = False
    """One row: the batch axis is gone."""
    mixed: bool = False
    """The rows are in random order: the first of them hold what all of them hold."""
    counts_up: bool = False
    """0, 1, 2 and so on, in this order."""
    reason: str = NOT_FOLLOWED
    """Why the encoding is not known."""
    identity: int = field(default_factory=new_reference)
    """The same for an array and its reshaped, normalised or cut copies."""
    ancestors: frozenset[int] = frozenset()
    """Identities of the arrays that were computed with to get this one."""
    reference: int = field(default_factory=new_reference)
    """One object of the program: what is written into it is recorded under this number."""
    memory: int = field(default_factory=new_reference)
    """The same for arrays that may share their numbers: what is written into one of them shows in the others."""

    @property
    def axes(self) -> Shape:
        return self.shape.value if self.shape is not None else (...,)

    @property
    def rank(self) -> int | None:
        return None if ... in self.axes else len(self.axes)

    @property
    def last_axis(self) -> int | None:
        """Size of the last axis, batch axis left out."""
        axes = self.axes
        if not axes or (len(axes) == 1 and not self.sample):
            return None
        return axes[-1] if isinstance(axes[-1], int) else None

    @property
    def kind(self) -> Encoding | None:
        return self.encoding.value if self.encoding is not None else None


@immutable
class Many(Value):
    """A sequence of unknown length whose items are all like `item`."""

    item: Value


@immutable
class Dataset(Value):
    """Yields `element`, again and again: a tf.data pipeline, a generator, a keras Sequence."""

    element: Value


@immutable
class Table(Object):
    """A DataFrame; its columns are in the store."""


def array(
    node: cst.CSTNode | None,
    encoding: Encoding | None = None,
    shape: Shape | None = None,
    *,
    classes: int | None = None,
    dtype: str | None = None,
    low: float | None = None,
    high: float | None = None,
    values: frozenset[float] | None = None,
    reason: str = NOT_FOLLOWED,
    sample: bool = False,
    mixed: bool = False,
) -> Array:
    """An array that comes into being at `node`."""
    return Array(
        node,
        encoding=_trait(encoding, node),
        shape=_trait(shape, node),
        classes=_trait(classes, node),
        dtype=_trait(dtype, node),
        low=_trait(low, node),
        high=_trait(high, node),
        values=values,
        reason=reason,
        sample=sample,
        mixed=mixed,
    )


def _trait(value: T | None, node: cst.CSTNode | None) -> Trait[T] | None:
    return Trait(value, node) if value is not None else None


def same(source: Array, node: cst.CSTNode | None, **changes: Any) -> Array:
    """The same data at another place or in another shape."""
    return replace(source, node=node, reference=new_reference(), **changes)


def shaped(source: Array, shape: Shape | None, node: cst.CSTNode | None) -> Array:
    return same(source, node, shape=_trait(shape, node))


def unknown(source: Array, node: cst.CSTNode | None, reason: str, shape: Shape | None = None) -> Array:
    """An array computed from another one, whose encoding is lost."""
    return replace(
        array(node, shape=shape, reason=reason, sample=source.sample),
        ancestors=source.ancestors | {source.identity},
    )


def computed_from(made: Array, *sources: Value) -> Array:
    """`made`, which knows that it was computed from `sources`."""
    parents = [one for one in sources if isinstance(one, Array)]
    return replace(made, ancestors=frozenset().union(*(one.ancestors | {one.identity} for one in parents)))


def is_target_of_itself(inputs: Array, labels: Array) -> bool:
    """Whether the labels are the inputs, or the inputs were made from the labels by adding noise and the like."""
    return labels.identity == inputs.identity or labels.identity in inputs.ancestors


# ---- rows and batches ----------------------------------------------------------------------------------------------


def row(source: Array, node: cst.CSTNode | None) -> Array:
    """One item along the first axis."""
    axes = source.axes
    rest = axes if axes[:1] == (...,) else axes[1:]
    shape = rest if source.shape is not None else None
    if source.sample:
        return unknown(source, node, "a part of one row", shape)
    return replace(source, node=node, shape=_moved(source, shape), sample=True, reference=new_reference())


def stacked(source: Array, node: cst.CSTNode | None, size: int | None = None) -> Array:
    """Rows put together along a new first axis."""
    shape: Shape | None = None
    if source.shape is not None:
        axes = source.axes
        shape = axes if axes[:1] == (...,) else (size, *axes)
    if not source.sample:
        return unknown(source, node, "batches of batches", shape)
    return replace(source, node=node, shape=_moved(source, shape), sample=False, reference=new_reference())


def chosen_rows(source: Array, node: cst.CSTNode | None) -> Array:
    """Some rows: the encoding stays, but which of the classes and how large a number is left is not known."""
    rows = with_first_axis(source.axes, None) if not source.sample else source.axes
    return same(
        source,
        node,
        shape=_moved(source, rows),
        classes=source.classes if source.kind in ("one-hot", "multi-hot", "distribution") else None,
        low=None,
        high=None,
        values=source.values if source.values is not None and len(source.values) == 1 else None,
        mixed=False,
    )


def first_rows(source: Array, node: cst.CSTNode | None) -> Array:
    """A stretch of the rows: it holds what all of them hold where they are in random order."""
    if not source.mixed:
        return chosen_rows(source, node)
    return same(source, node, shape=_moved(source, with_first_axis(source.axes, None)))


def _moved(source: Array, shape: Shape | None) -> Trait[Shape] | None:
    return Trait(shape, source.shape.node) if shape is not None and source.shape is not None else None


def with_first_axis(axes: Shape, size: int | None) -> Shape:
    return axes if not axes or axes[0] is ... else (size, *axes[1:])


def broadcast(first: Shape, second: Shape) -> Shape | None:
    """The shape of what is computed of two arrays; None where it is not known."""
    if ... in first or ... in second:
        return None
    missing = len(first) - len(second)
    pairs = zip((*[1] * -missing, *first), (*[1] * missing, *second), strict=True)
    return tuple(_wider(one, other) for one, other in pairs)


def _wider(one: int | EllipsisType | None, other: int | EllipsisType | None) -> int | EllipsisType | None:
    if one == 1 or one is None:
        return other if other != 1 else one
    return one


# ---- numbers -------------------------------------------------------------------------------------------------------


def encoding_of_values(values: frozenset[float], axes: Shape) -> Encoding | None:
    """The encoding that the values of one column prove; -1 and 1 prove theirs in any shape."""
    if len(values) < 2 or not all(map(math.isfinite, values)):
        return None
    if values == {-1, 1}:
        return "signed"
    if not _is_column(axes):
        return None
    if values == {0, 1}:
        return "binary"
    if not all(float(value).is_integer() for value in values):
        return "continuous"
    if min(values) == 0 and max(values) == len(values) - 1:
        return "integer"
    return "continuous" if min(values) < 0 else None


def _is_column(axes: Shape) -> bool:
    return ... not in axes and (len(axes) == 1 or (len(axes) == 2 and axes[-1] == 1))


def of_values(node: cst.CSTNode | None, values: frozenset[float], shape: Shape, source: Array | None = None) -> Array:
    """An array in which exactly these values occur."""
    encoding = encoding_of_values(values, shape)
    finite = all(map(math.isfinite, values))
    made = array(
        node,
        encoding,
        shape,
        classes=len(values) if encoding in ("binary", "signed", "integer") and _is_column(shape) else None,
        low=min(values) if finite else None,
        high=max(values) if finite else None,
        values=values if finite else None,
        reason="every label is the same" if len(values) == 1 else "the values prove no encoding",
    )
    return computed_from(made, source) if source is not None else made
