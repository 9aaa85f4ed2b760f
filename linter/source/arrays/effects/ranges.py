"""Ranges: numbers counted up, or spread evenly."""

from __future__ import annotations

from dataclasses import replace

from mllint.facts import Encoding
from mllint.source.arrays.array import Shape, array
from mllint.source.arrays.calls import DataCall, Effect, number
from mllint.source.program.values import Value


def _linspace(call: DataCall) -> Value:
    return array(call.node, "continuous", (None,), low=number(call.at(0)), high=number(call.at(1)), mixed=True)


def _arange(call: DataCall) -> Value:
    first, last, step = (number(call.named(name)) for name in ("start", "stop", "step"))
    if call.at(1) is None:
        first, last = 0.0, first
    measured = (first is not None and first < 0) or (step is not None and step != int(step))
    encoding: Encoding | None = "continuous" if measured else None
    axes: Shape = (None,)
    if first == 0 and call.at(2) is None and last is not None:
        axes = (max(0, int(last)),)
    made = array(call.node, encoding, axes, low=first, reason="the numbers counted up here may be anything")
    return replace(made, counts_up=first == 0 and call.at(2) is None)


EFFECTS: dict[str, Effect] = {
    "linspace": _linspace,
    "arange": _arange,
}
