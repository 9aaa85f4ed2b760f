"""From the metrics given to compile to Metric facts."""

from __future__ import annotations

from typing import Any

from mllint.facts import Fact, Identifier, Known, Metric, Unknown
from mllint.rules import knowledge
from mllint.source.conditions import World, resolve
from mllint.source.heads import PlaceOf
from mllint.source.keras_library import argument
from mllint.source.values import Constant, Items, Made, Missing, Symbol, Value


def read_metrics(
    given: Value | None, world: World, place: PlaceOf
) -> tuple[tuple[Metric, ...], tuple[Identifier, ...]]:
    """The metrics of one output, and the strings by which they were asked for.

    Raises Undecided where a metric depends on a condition that the world leaves open.
    """
    given = resolve(given, world) if given is not None else None
    values = given.values if isinstance(given, Items) else (given,) if given is not None else ()
    metrics: list[Metric] = []
    identifiers: list[Identifier] = []
    for value in values:
        value = resolve(value, world)
        if isinstance(value, Constant) and isinstance(value.value, str):
            identifiers.append(Identifier("metric", value.value, place(value.node)))
        if not isinstance(value, Missing) and not (isinstance(value, Constant) and value.value is None):
            metrics.append(_metric(value, world, place))
    return tuple(metrics), tuple(identifiers)


def _metric(value: Value, world: World, place: PlaceOf) -> Metric:
    where = place(value.node)
    unknown = Unknown("the metric is the program's own", where)
    if isinstance(value, Constant):
        row = knowledge.metrics().identify(str(value.value))
        if row is None:
            return Metric(
                Unknown(f"{value.value!r} is not a metric of Keras", where), unknown, unknown, "string", where
            )
        threshold: Fact[Any] = Known(row.threshold) if row.threshold is not None else Unknown("it has no threshold")
        return Metric(Known(row.name, where), threshold, Known(False), "string", where)
    if not isinstance(value, Symbol | Made):
        return Metric(unknown, unknown, unknown, "wrapped", where)
    symbol = knowledge.canonical(value.name) if isinstance(value, Symbol) else value.symbol
    row = knowledge.metrics().symbol(symbol)
    spelling = row.spelling(symbol) if row is not None else None
    if row is None or spelling is None:
        return Metric(unknown, unknown, unknown, "wrapped", where)

    def read(parameter: str, default: Any) -> Fact[Any]:
        own = argument(value.arguments, spelling.signature, parameter) if isinstance(value, Made) else None
        own = resolve(own, world) if own is not None else None
        if own is None:
            return Known(default) if default is not None else Unknown(f"it has no {parameter}")
        if isinstance(own, Constant):
            return Known(own.value, place(own.node))
        return Unknown(f"{parameter} is not known", place(own.node))

    written = "instance" if isinstance(value, Made) else "class" if spelling.kind == "class" else "function"
    return Metric(Known(row.name, where), read("threshold", row.threshold), read("from_logits", False), written, where)
