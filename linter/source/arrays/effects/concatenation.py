"""Arrays put behind or beside each other."""

from __future__ import annotations

from mllint.facts import Encoding
from mllint.source.arrays.array import Trait, array, computed_from, of_values, same, unknown, with_first_axis
from mllint.source.arrays.calls import DataCall, Effect, as_array, number
from mllint.source.program.values import Items, ListObject, Value


def _concatenate(call: DataCall) -> Value:
    axis = call.constant("axis")
    parts = call.run.iterate(call.at(0) or call.missing("nothing"))
    if parts is None:
        return call.missing("parts that are not known are put together")
    return _joined(call, parts, along_rows=axis == 0)


def _vstack(call: DataCall) -> Value:
    parts = call.run.iterate(call.at(0) or call.missing("nothing")) or ()
    arrays = [as_array(call.run, one) for one in parts]
    rows = all(one is not None and (one.rank or 0) > 1 for one in arrays)
    return _joined(call, parts, along_rows=rows)


def _hstack(call: DataCall) -> Value:
    parts = call.run.iterate(call.at(0) or call.missing("nothing")) or ()
    arrays = [as_array(call.run, one) for one in parts]
    return _joined(call, parts, along_rows=all(one is not None and one.rank == 1 for one in arrays))


def _joined(call: DataCall, parts: tuple[Value, ...], along_rows: bool) -> Value:
    arrays = [one for one in (as_array(call.run, part) for part in parts) if one is not None]
    if len(arrays) != len(parts) or not arrays:
        return call.missing("parts that are not known are put together")
    first = arrays[0]
    axes = with_first_axis(first.axes, None)
    if not along_rows:
        kept: Encoding | None = "continuous" if all(one.kind == "continuous" for one in arrays) else None
        return computed_from(array(call.node, kept, (..., None), reason="columns put side by side"), *arrays)
    if all(one.values is not None for one in arrays):
        values = frozenset().union(*(one.values or frozenset() for one in arrays))
        if all(one.kind in (None, "binary", "integer") for one in arrays):
            return of_values(call.node, values, axes, first)
    alike = len({(one.kind, _or_none(one.classes)) for one in arrays}) == 1 and first.kind is not None
    if not alike:
        return unknown(first, call.node, "parts that differ are put together", axes)
    lows, highs = [_or_none(one.low) for one in arrays], [_or_none(one.high) for one in arrays]
    return same(
        first,
        call.node,
        shape=Trait(axes, call.node) if first.shape is not None else None,
        low=Trait(min(lows), call.node) if None not in lows else None,  # type: ignore[type-var]
        high=Trait(max(highs), call.node) if None not in highs else None,  # type: ignore[type-var]
        values=None,
        mixed=all(one.mixed for one in arrays),
        divided_by=first.divided_by if all(one.divided_by is not None for one in arrays) else None,
    )


def _repeated(call: DataCall) -> Value:
    """A column of the same values, more often; along another axis nothing is known."""
    one, source = number(call.at(0)), call.array(0)
    whole = not isinstance(call.at(1), Items | ListObject) and call.constant("axis") is None
    if one is not None and whole:
        return of_values(call.node, frozenset((one,)), (None,))
    if source is None or source.rank != 1 or not (whole or call.row.signature.parameters[0] == "a"):
        return call.missing("something that is repeated")
    if source.values is not None:
        return of_values(call.node, source.values, (None,), source)
    return same(source, call.node, shape=Trait((None,), call.node), mixed=False)


def _or_none(trait: Trait[float] | Trait[int] | None) -> float | None:
    return trait.value if trait is not None else None


EFFECTS: dict[str, Effect] = {
    "concatenate": _concatenate,
    "vstack": _vstack,
    "hstack": _hstack,
    "repeated": _repeated,
}
