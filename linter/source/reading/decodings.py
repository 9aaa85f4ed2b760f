"""What a program does with predictions: argmax, a threshold, rounding, an item of what evaluate() returns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import libcst as cst

from mllint.facts import Decoding, Known, Unknown
from mllint.source.program.conditions import World, decided
from mllint.source.program.values import Constant, Operation, Prediction, Value
from mllint.source.reading.fits import Score

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter
    from mllint.source.reading.heads import PlaceOf

Kind = Literal["argmax", "threshold", "round", "predict_classes", "evaluate"]

_ROUNDING = ("round", "rint", "around", "round_")


@dataclass(frozen=True, eq=False, slots=True)
class Decoded:
    """A decoding of what one model predicts."""

    kind: Kind
    node: cst.CSTNode
    axis: int | None
    threshold: float | None
    index: int | None
    world: World
    after: int
    """How many training sites had been recorded before."""


def record(
    run: Interpreter,
    model: int,
    kind: Kind,
    node: cst.CSTNode,
    *,
    axis: int | None = None,
    threshold: float | None = None,
    index: int | None = None,
) -> None:
    decoded = Decoded(kind, node, axis, threshold, index, run.world, len(run.sites))
    run.decoded.setdefault(model, []).append(decoded)


def note_operation(run: Interpreter, result: Value) -> None:
    """Record an argmax or a rounding of a prediction."""
    if not isinstance(result, Operation) or isinstance(result, Prediction) or result.node is None:
        return
    name = result.symbol.rpartition(".")[2]
    if name not in ("argmax", *_ROUNDING) or not result.arguments.positional:
        return
    source = _source(result.arguments.positional[0])
    if source is None:
        return
    if name != "argmax":
        if _to_whole_numbers(result):
            record(run, source.model, "round", result.node)
    elif source.part in ("all", "rows"):
        given = result.arguments.get("axis", 1)
        axis = given.value if isinstance(given, Constant) and isinstance(given.value, int) else None
        record(run, source.model, "argmax", result.node, axis=axis)
    elif source.part == "row":
        record(run, source.model, "argmax", result.node, axis=-1)


_ORDERS = frozenset({cst.GreaterThan, cst.GreaterThanEqual, cst.LessThan, cst.LessThanEqual})


def note_comparison(run: Interpreter, left: Value, operator: cst.BaseCompOp, right: Value, node: cst.CSTNode) -> None:
    """Record a threshold on a prediction."""
    source = _source(left) if type(operator) in _ORDERS else None
    if source is not None and isinstance(right, Constant) and type(right.value) in (int, float):
        record(run, source.model, "threshold", node, threshold=float(right.value))


def note_name(run: Interpreter, name: cst.Name, value: Value) -> None:
    """Record that an item of what evaluate() returns is called an accuracy."""
    if isinstance(value, Score) and value.node is not None and "acc" in name.value.lower():
        record(run, value.model, "evaluate", name, index=value.index)


def _to_whole_numbers(rounding: Operation) -> bool:
    """Whether no decimals are kept: round(2) makes figures to look at, not decisions."""
    decimals = rounding.arguments.get("decimals", 1)
    return decimals is None or (isinstance(decimals, Constant) and decimals.value == 0)


@dataclass(frozen=True, slots=True)
class _Source:
    """The model that predicted, and which part of the prediction is meant."""

    model: int
    part: Literal["all", "rows", "row", "part"]


def _source(value: Value) -> _Source | None:
    """Where a tensor is a prediction, or an item of one."""
    if isinstance(value, Prediction):
        return _Source(value.model, "all")
    if not isinstance(value, Operation) or not value.arguments.positional:
        return None
    inner = value.arguments.positional[0]
    if value.symbol == "operator.getitem" and isinstance(value.node, cst.Subscript):
        source = _source(inner)
        return _Source(source.model, _part(source.part, value.node)) if source is not None else None
    if value.symbol in ("tensor.numpy", "tensor.copy", "numpy.array", "numpy.asarray"):
        return _source(inner)
    if value.symbol in ("tensor.flatten", "tensor.ravel", "tensor.squeeze", "numpy.squeeze", "numpy.ravel"):
        source = _source(inner)
        return _Source(source.model, "part") if source is not None else None
    return None


def _part(before: str, node: cst.Subscript) -> Literal["rows", "row", "part"]:
    if len(node.slice) != 1 or before not in ("all", "rows"):
        return "part"
    chosen = node.slice[0].slice
    if isinstance(chosen, cst.Slice):
        return "rows"
    return "row" if isinstance(chosen, cst.Index) and isinstance(chosen.value, cst.Integer) else "part"


def read_decodings(
    decoded: Iterable[Decoded], start: int, end: int, world: World, place: PlaceOf
) -> tuple[Decoding, ...]:
    """The decodings between two compile calls of a model that are sure to happen in the world.

    A program may ask the model for its units before it chooses between argmax and rounding.
    """
    return tuple(
        Decoding(
            kind=one.kind,
            axis=_fact(one.axis, "no axis is given", place, one.node),
            threshold=_fact(one.threshold, "it has no threshold", place, one.node),
            place=place(one.node),
            index=Known(one.index, place(one.node)) if one.index is not None else None,
        )
        for one in decoded
        if start < one.after <= end
        and all(decided(condition, world) is holds for condition, holds in one.world.items())
    )


def _fact(value, reason: str, place: PlaceOf, node: cst.CSTNode):  # type: ignore[no-untyped-def]
    return Known(value, place(node)) if value is not None else Unknown(reason, place(node))
