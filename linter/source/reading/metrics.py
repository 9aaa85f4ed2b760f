"""From the metrics given to compile to Metric facts."""

from __future__ import annotations

from typing import Any

from mllint.facts import Fact, Identifier, Known, Metric, Unknown
from mllint.reading.metrics import NO_ARGUMENTS, OWN, known_metric, metric_by_name, unknown_metric
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import Signature
from mllint.source.program.conditions import World, resolve
from mllint.source.program.keras_library.signatures import argument
from mllint.source.program.values import Constant, Items, Made, Missing, Symbol, Value
from mllint.source.reading.heads import PlaceOf


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
    if isinstance(value, Constant):
        return metric_by_name(str(value.value), where)
    if not isinstance(value, Symbol | Made):
        return unknown_metric(OWN, "wrapped", where)
    symbol = knowledge.canonical(value.name) if isinstance(value, Symbol) else value.symbol
    row = knowledge.metrics().symbol(symbol)
    spelling = row.spelling(symbol) if row is not None else None
    if row is None or spelling is None:
        return unknown_metric(OWN, "wrapped", where)
    if isinstance(value, Symbol):
        return known_metric(row, NO_ARGUMENTS, "class" if spelling.kind == "class" else "function", where)
    if not value.arguments.complete:
        return unknown_metric("the metric takes arguments that are not known", "instance", where)
    return known_metric(row, _arguments(value, spelling.signature, world, place), "instance", where)


def _arguments(made: Made, signature: Signature, world: World, place: PlaceOf) -> dict[str, Fact[Any]]:
    """What the program passes, by the name of the parameter."""
    given: dict[str, Fact[Any]] = {}
    for parameter in signature.parameters:
        value = argument(made.arguments, signature, parameter)
        value = resolve(value, world) if value is not None else None
        if isinstance(value, Constant):
            given[parameter] = Known(value.value, place(value.node))
        elif value is not None:
            given[parameter] = Unknown(f"{parameter} is not known", place(value.node))
    return given
