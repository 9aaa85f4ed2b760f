"""The names under which fit logs the metrics of a model with one output."""

from __future__ import annotations

import re

from mllint.facts import Known, Metric, TrainingSetup
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import MetricRow
from mllint.rules.readings import ACCURACY

ALWAYS = frozenset({"loss", "lr", "learning_rate"})
PREFIX = "val_"


def logged_names(setup: TrainingSetup) -> frozenset[str] | None:
    """Every name that some version of Keras logs, without val_ and counters; None where one cannot be told."""
    if setup.via != "compile" or len(setup.outputs) != 1:
        return None
    metrics = setup.outputs[0].metrics
    rows = [knowledge.metrics().get(metric.name.value) for metric in metrics if isinstance(metric.name, Known)]
    if not metrics or len(rows) < len(metrics) or None in rows:
        return None
    named = (_names(setup, metric, row) for metric, row in zip(metrics, rows, strict=True) if row is not None)
    return ALWAYS.union(*named)


def without_counter(name: str) -> str:
    """auc_1 as auc: the second metric of a kind is logged with a number."""
    return re.sub(r"_\d+$", "", name)


def _names(setup: TrainingSetup, metric: Metric, row: MetricRow) -> set[str]:
    if row.name == ACCURACY:
        return {identifier.text for identifier in setup.identifiers if identifier.place == metric.place}
    given = dict(metric.arguments).get("name")
    if isinstance(given, Known) and isinstance(given.value, str):
        return {given.value}
    defaults = {str(spelling.signature.defaults.get("name")) for spelling in row.spellings}
    classes = {spelling.symbol.rpartition(".")[2] for spelling in row.spellings}
    return {row.name, *row.identifiers, *defaults, *classes, *(_snake(name) for name in classes)}


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
