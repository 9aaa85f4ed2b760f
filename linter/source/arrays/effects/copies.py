"""The same data in another container, or another type."""

from __future__ import annotations

from dataclasses import replace

from mllint.source.arrays.array import Array, first_rows, same
from mllint.source.arrays.calls import DataCall, Effect, cast, dtype_name
from mllint.source.program.values import Missing, Value


def _to_array(call: DataCall) -> Value:
    value = call.at(0)
    source = call.array(0)
    if source is None:
        return value if isinstance(value, Missing | Array) else call.missing("an array of things that are not known")
    dtype = call.named("dtype")
    return cast(source, dtype_name(dtype), call.node) if dtype is not None else replace(source)


def _same(call: DataCall) -> Value:
    source = call.array(0)
    if source is None:
        value = call.at(0)
        return value if value is not None else call.missing("a copy of something that is not known")
    return same(source, call.node)


def _some_rows(call: DataCall) -> Value:
    source = call.array(0)
    return first_rows(source, call.node) if source is not None else call.missing("rows of something not known")


def _cast(call: DataCall) -> Value:
    source = call.array(0)
    return cast(source, dtype_name(call.at(1)), call.node) if source is not None else call.missing("a cast of unknown")


EFFECTS: dict[str, Effect] = {
    "to_array": _to_array,
    "same": _same,
    "some_rows": _some_rows,
    "cast": _cast,
}
