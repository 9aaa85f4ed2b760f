"""The distinct values of an array: found, counted, mapped and numbered."""

from __future__ import annotations

import libcst as cst

from mllint.source.arrays.array import Array, array, of_values, unknown
from mllint.source.arrays.calls import DataCall, Effect
from mllint.source.arrays.elementwise import indices
from mllint.source.program.conditions import alternatives
from mllint.source.program.python_library.containers import entries
from mllint.source.program.values import Arguments, Bound, Constant, Function, Items, Missing, OneOf, Value


def _unique(call: DataCall) -> Value:
    source = call.array(0)
    if source is None or call.keywords or len(call.positional) > 1:
        return call.missing("the distinct values of something that is not known")
    return array(call.node, None, (classes_of(source),), classes=classes_of(source), reason="distinct values")


def _count_unique(call: DataCall) -> Value:
    source = call.array(0)
    classes = classes_of(source) if source is not None else None
    return Constant(call.node, classes) if classes is not None else call.missing("a number of values not known")


def classes_of(source: Array) -> int | None:
    return source.classes.value if source.classes is not None and source.kind != "continuous" else None


def _map_values(call: DataCall) -> Value:
    source = call.array(0)
    if source is None or source.rank != 1 or "inplace" in call.keywords or len(call.positional) > 2:
        return unknown(source, call.node, "values replaced") if source is not None else call.missing("values replaced")
    lost = unknown(source, call.node, "values replaced by something that is not known", source.axes)
    given = call.at(1)
    if isinstance(given, Function | Bound):
        results = list(alternatives(call.run.call(given, Arguments((Missing(call.node, "a value"),)), _call_of(call))))
    else:
        known = entries(call.run, given) if given is not None else None
        if known is None or not known.complete or not all(isinstance(key, str) for key in known.values):
            return lost
        results = list(known.values.values())
    found = [_numbers_of(one) for one in results]
    if not found or not all(found):
        return lost
    return of_values(call.node, frozenset().union(*found), (None,))


def _numbers_of(value: Value) -> frozenset[float]:
    """The numbers that a value may be; none where it may be something else."""
    if isinstance(value, OneOf):
        return value.values
    written = isinstance(value, Constant) and type(value.value) in (int, float)
    return frozenset((float(value.value),)) if isinstance(value, Constant) and written else frozenset()


def _call_of(call: DataCall) -> cst.Call:
    return call.node if isinstance(call.node, cst.Call) else cst.Call(cst.Name("map"))


def _factorize(call: DataCall) -> Value:
    source = call.array(0)
    return Items(
        call.node,
        (indices(call.node, classes_of(source) if source else None, (None,)), Missing(call.node, "distinct values")),
    )


EFFECTS: dict[str, Effect] = {
    "unique": _unique,
    "count_unique": _count_unique,
    "map_values": _map_values,
    "factorize": _factorize,
}
