"""Arrays that are filled with one value, or later."""

from __future__ import annotations

from dataclasses import replace

from mllint.source.arrays.array import Array, Shape, array
from mllint.source.arrays.calls import DataCall, Effect, dimensions, number
from mllint.source.program.values import Value


def _full_of(call: DataCall, value: float, axes: Shape | None) -> Array:
    if axes is not None and axes[:1] == (0,):
        return array(call.node, None, axes, reason="an array that is filled later")
    made = array(call.node, None, axes, values=frozenset((value,)), low=value, high=value)
    return replace(made, reason="every label is the same")


def _empty(call: DataCall) -> Value:
    return array(call.node, None, dimensions(call.run, call.at(0)), reason="an array that is filled later")


def _zeros(call: DataCall) -> Value:
    return _full_of(call, 0.0, dimensions(call.run, call.at(0)))


def _ones(call: DataCall) -> Value:
    return _full_of(call, 1.0, dimensions(call.run, call.at(0)))


def _full(call: DataCall) -> Value:
    value = number(call.at(1))
    return _full_of(call, value, dimensions(call.run, call.at(0))) if value is not None else array(call.node)


def _zeros_like(call: DataCall) -> Value:
    source = call.array(0)
    return _full_of(call, 0.0, source.axes if source is not None else None)


def _ones_like(call: DataCall) -> Value:
    source = call.array(0)
    return _full_of(call, 1.0, source.axes if source is not None else None)


EFFECTS: dict[str, Effect] = {
    "empty": _empty,
    "zeros": _zeros,
    "ones": _ones,
    "full": _full,
    "zeros_like": _zeros_like,
    "ones_like": _ones_like,
}
