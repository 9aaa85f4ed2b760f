"""Numbers computed of numbers: argmax, where, clip, sums and other functions."""

from __future__ import annotations

from dataclasses import replace

from mllint.facts import Encoding
from mllint.source.arrays.array import array, computed_from, of_values, same, unknown
from mllint.source.arrays.calls import DataCall, Effect, number
from mllint.source.arrays.elementwise import indicators, indices
from mllint.source.program.values import Value


def _argmax(call: DataCall) -> Value:
    source = call.array(0)
    axis = call.constant("axis")
    if not isinstance(axis, int) or isinstance(axis, bool):
        return call.missing("argmax() along an axis that is not known")
    if source is None:
        return array(call.node, "integer", low=0)
    rank = source.rank
    axes = (
        tuple(one for place, one in enumerate(source.axes) if place != axis % rank)
        if rank is not None and rank > 0
        else None
    )
    last = axis == -1 or (rank is not None and axis == rank - 1)
    classes = source.last_axis if last else None
    if classes == 2 and axes is not None:
        return replace(indicators(call.node, axes), sample=source.sample)
    high = classes - 1 if classes is not None else None
    return array(call.node, "integer", axes, classes=classes, low=0, high=high, sample=source.sample)


def _where(call: DataCall) -> Value:
    then, otherwise = call.named("x"), call.named("y")
    numbers = [number(one) for one in (then, otherwise)]
    condition = call.array(0)
    axes = condition.axes if condition is not None else (...,)
    if None not in numbers:
        values = frozenset(one for one in numbers if one is not None)
        if values == {0, 1} and condition is not None:
            return computed_from(indicators(call.node, axes), condition)
        return of_values(call.node, values, axes)
    return call.missing("where() between things that are not both numbers")


def _binned(call: DataCall) -> Value:
    """The number of the bin that each value falls into."""
    source = call.array(0)
    return indices(call.node, None, source.axes if source is not None else (...,))


def _cut(call: DataCall) -> Value:
    """The names of the bins, or their numbers where no names are wanted."""
    return _binned(call) if call.constant("labels") is False else call.missing("intervals that numbers fall into")


def _clip(call: DataCall) -> Value:
    source = call.array(0)
    if source is None:
        return call.missing("a range of something that is not known")
    if source.kind not in ("image", "continuous"):
        return unknown(source, call.node, "labels cut to a range", source.axes)
    return same(source, call.node, low=None, high=None)


def _real_function(call: DataCall) -> Value:
    source = call.array(0)
    if source is None:
        return call.missing("a function of something that is not known")
    if source.kind not in ("image", "continuous") and source.low is None:
        return unknown(source, call.node, "a function of numbers that are not known", source.axes)
    return computed_from(array(call.node, "continuous", source.axes), source)


def _ratios(call: DataCall) -> Value:
    source = call.array(0)
    made = array(call.node, "continuous", source.axes if source is not None else None)
    return computed_from(made, source) if source is not None else made


def _power(call: DataCall) -> Value:
    source = call.array(0)
    if source is None:
        return call.missing("a power of something that is not known")
    if source.kind != "continuous":
        return unknown(source, call.node, "a power of numbers that are not known", source.axes)
    return computed_from(array(call.node, "continuous", source.axes, sample=source.sample), source)


def _reduce(call: DataCall) -> Value:
    source = call.array(0)
    if source is None:
        return call.missing("a sum of something that is not known")
    axis = call.constant("axis")
    if axis is None and not call.keywords:
        return unknown(source, call.node, "summed up", ())
    if not isinstance(axis, int) or source.rank is None or len(call.keywords) > 1:
        return unknown(source, call.node, "summed up")
    axes = tuple(one for place, one in enumerate(source.axes) if place != axis % max(source.rank, 1))
    kind: Encoding | None = "continuous" if source.kind == "continuous" else None
    return computed_from(array(call.node, kind, axes, reason="summed up"), source)


EFFECTS: dict[str, Effect] = {
    "argmax": _argmax,
    "where": _where,
    "clip": _clip,
    "real_function": _real_function,
    "ratios": _ratios,
    "power": _power,
    "binned": _binned,
    "cut": _cut,
    "reduce": _reduce,
}
