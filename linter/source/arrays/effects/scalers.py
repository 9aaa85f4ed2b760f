"""Features scaled by scikit-learn."""

from __future__ import annotations

from mllint.facts import Encoding
from mllint.source.arrays.array import Array, Trait, same, unknown
from mllint.source.arrays.calls import DataCall, Effect, constant
from mllint.source.program.values import Made, Value


def _scaled(call: DataCall) -> Value:
    source = call.array(1)
    if source is None:
        return call.missing("scaled values of something that is not known")
    return _normalised(source, call, None, None)


def _standardised(call: DataCall) -> Value:
    """Around zero and as wide as one: whatever the numbers were, they are measured now."""
    source = call.array(1)
    receiver = call.positional[0] if call.positional else None
    plain = isinstance(receiver, Made) and not receiver.arguments.keywords and receiver.arguments.complete
    if source is None or not plain or source.kind in ("continuous", "image"):
        return _scaled(call)
    encoding: Trait[Encoding] = Trait("continuous", call.node)
    return same(source, call.node, encoding=encoding, classes=None, dtype=None, low=None, high=None, values=None)


def _min_max_scaled(call: DataCall) -> Value:
    source = call.array(1)
    if source is None:
        return call.missing("scaled values of something that is not known")
    receiver = call.positional[0] if call.positional else None
    given = receiver.arguments.get("feature_range", 0) if isinstance(receiver, Made) else None
    bounds = constant(call.run, given) if given is not None else [0, 1]
    low, high = bounds if isinstance(bounds, list) and len(bounds) == 2 else (None, None)
    return _normalised(source, call, low, high)


def _normalised(source: Array, call: DataCall, low: float | None, high: float | None) -> Value:
    if source.kind not in ("continuous", "image"):
        return unknown(source, call.node, "scaled values of something that is not known", source.axes)
    return same(
        source,
        call.node,
        low=Trait(low, call.node) if low is not None else None,
        high=Trait(high, call.node) if high is not None else None,
    )


EFFECTS: dict[str, Effect] = {
    "scaled": _scaled,
    "standardised": _standardised,
    "min_max_scaled": _min_max_scaled,
}
