"""Rows split into parts, shuffled, and folded."""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from mllint.source.arrays.array import Array, Many, Table, Trait, array, first_rows, same, with_first_axis
from mllint.source.arrays.calls import DataCall, Effect, as_array
from mllint.source.arrays.tables import copied
from mllint.source.program.values import Items, Missing, Value


def _split(call: DataCall) -> Value:
    parts: list[Value] = []
    random = call.constant("shuffle") in (None, True)
    for given in call.positional:
        value = given if isinstance(given, Table) else as_array(call.run, given)
        for _ in range(2):
            parts.append(_subset(call, value, random) if value is not None else Missing(call.node, _reason_of(given)))
    return Items(call.node, tuple(parts))


def _reason_of(value: Value) -> str:
    return value.reason if isinstance(value, Missing) else "a part of something that is not known"


def _subset(call: DataCall, value: Value, random: bool) -> Value:
    def some(one: Array, node: cst.CSTNode | None) -> Array:
        return first_rows(replace(one, mixed=True) if random else one, node)

    if isinstance(value, Table):
        return copied(call.run, value, call.node, some)
    assert isinstance(value, Array)
    return some(value, value.node)


def _shuffle_together(call: DataCall) -> Value:
    parts = [as_array(call.run, one) for one in call.positional]
    copies = [same(one, one.node, mixed=True) if one is not None else call.missing("shuffled") for one in parts]
    return copies[0] if len(copies) == 1 else Items(call.node, tuple(copies))


def _resampled(call: DataCall) -> Value:
    """Rows left out, repeated or made between others, so that there are as many of each class."""
    parts = [call.array(1), call.array(2)]
    return Items(call.node, tuple(_other_rows(call, one) for one in parts))


def _other_rows(call: DataCall, source: Array | None) -> Value:
    if source is None:
        return call.missing("rows of something that is not known")
    axes = with_first_axis(source.axes, None)
    return same(source, call.node, shape=Trait(axes, call.node) if source.shape is not None else None)


def _folds(call: DataCall) -> Value:
    rows = array(call.node, None, (None,), reason="row numbers", mixed=True)
    return Many(call.node, Items(call.node, (rows, replace(rows, node=call.node))))


EFFECTS: dict[str, Effect] = {
    "split": _split,
    "shuffle_together": _shuffle_together,
    "resampled": _resampled,
    "folds": _folds,
}
