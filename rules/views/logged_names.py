"""The names under which fit logs the metrics of a model with one output."""

from __future__ import annotations

import re

from mllint.facts import Known, Metric, TrainingSetup
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import MetricRow
from mllint.rules.views.readings import ACCURACY

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


def logged_name(setup: TrainingSetup, metric: Metric) -> str | None:
    """The one name that Keras 3 logs this metric under, without val_ and counter; None where it cannot be told.

    A string is logged as it is written, whatever the case. Source: keras/src/trainers/compile_utils.py, get_metric.
    """
    given = dict(metric.arguments).get("name")
    if given is not None and not (isinstance(given, Known) and given.value is None):
        return given.value if isinstance(given, Known) and isinstance(given.value, str) else None
    if metric.spelling == "string":
        written = (identifier.text for identifier in setup.identifiers if identifier.place == metric.place)
        return next(written, None)
    return name_by_default(metric.name.value) if isinstance(metric.name, Known) else None


def name_by_default(metric: str) -> str | None:
    """The name that a metric's class gives itself; None for what is no metric of Keras or has no class."""
    row = knowledge.metrics().get(metric)
    spelling = next((one for one in row.spellings if one.kind == "class"), None) if row is not None else None
    if spelling is None:
        return row.name if row is not None and row.spellings else None
    name = spelling.signature.defaults.get("name")
    return str(name) if name is not None else _snake(spelling.symbol.rpartition(".")[2])


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
