"""From what is known of a metric to the Metric fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mllint.facts import Fact, Known, Metric, Place, Unknown
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import MetricRow

OWN: Final = "the metric is the program's own"
NO_ARGUMENTS: Mapping[str, Fact[Any]] = {}


def metric_by_name(name: str, place: Place) -> Metric:
    """The metric that Keras finds for a string."""
    row = knowledge.metrics().identify(name)
    if row is None:
        unknown = Unknown(OWN, place)
        return Metric(Unknown(f"{name!r} is not a metric of Keras", place), unknown, unknown, "string", place)
    return known_metric(row, NO_ARGUMENTS, "string", place)


def known_metric(row: MetricRow, given: Mapping[str, Fact[Any]], spelling: Any, place: Place) -> Metric:
    """`given` holds what is passed, by the name of the parameter; `spelling` is that of Metric."""
    default: Fact[float] = Known(row.threshold) if row.threshold is not None else Unknown("it has no threshold")
    return Metric(
        Known(row.name, place),
        given.get("threshold") or given.get("thresholds") or default,
        given.get("from_logits") or Known(False),
        spelling,
        place,
        tuple(given.items()),
    )


def unknown_metric(reason: str, spelling: Any, place: Place) -> Metric:
    unknown = Unknown(reason, place)
    return Metric(unknown, unknown, unknown, spelling, place)
