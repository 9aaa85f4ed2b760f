"""The share of exact hits, of numbers."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule, knowledge
from mllint.rules.marks import metric_first
from mllint.rules.repairing.metrics import for_numbers
from mllint.rules.views.pairs import value
from mllint.rules.views.readings import ACCURACY, Reading, readings

PREDICTS_NUMBERS = frozenset({"regression", "count"})
OPEN = frozenset({"unbounded", "rectified", "positive"})
ALSO_FOR_CLASSES = "mean_squared_error"
"""The one such loss that classifiers with labels 0 and 1 are trained with, too: least-squares GANs for example."""


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for reading in readings(setup):
        severity = _severity(reading)
        if severity is not None:
            yield Problem(
                severity=severity,
                message=f"{reading.text} under {_loss(reading)}: {_consequence(reading)}",
                marks=metric_first(
                    reading.metric.place,
                    "counts exact hits",
                    reading.output,
                    "returns a number" if reading.decides_once else "returns numbers",
                    "labels are numbers" if reading.encoding == "continuous" else None,
                ),
                help=("metrics=['mae']", "keras.metrics.R2Score()"),
                repairs=for_numbers(setup, reading),
            )


def _severity(reading: Reading) -> Severity | None:
    if reading.family not in PREDICTS_NUMBERS:
        return None
    if reading.encoding == "continuous" and reading.row.name in _accuracies(reading):
        return Severity.WARNING
    if reading.encoding is None and reading.row.name == ACCURACY and reading.decides_once and reading.range in OPEN:
        return Severity.WARNING if _is_meant_for_numbers(reading) else Severity.INFO
    return None


def _accuracies(reading: Reading) -> set[str]:
    """The metrics that count hits here; argmax of a single unit has a rule of its own."""
    return {ACCURACY, "binary_accuracy"} | (set() if reading.decides_once else {"categorical_accuracy"})


def _is_meant_for_numbers(reading: Reading) -> bool:
    """Whether loss and metrics say what labels out of sight do not: that numbers are predicted."""
    if value(reading.output.loss.name) != ALSO_FOR_CLASSES:
        return True
    rows = (knowledge.metrics().get(value(metric.name) or "") for metric in reading.output.metrics)
    return any(row is not None and row.reads == "regression" for row in rows)


def _loss(reading: Reading) -> str:
    return reading.pair.loss if reading.pair is not None else "a loss for numbers"


def _consequence(reading: Reading) -> str:
    if reading.decides_once:
        return "each number is turned into 0 or 1 before it is compared, which says nothing about how close it is"
    return "it asks which of the units is largest, which says nothing about how close they are"


RULE = Rule(
    code="MLL507",
    summary="an accuracy is asked of a model that predicts numbers",
    since="0.1.0",
    judge=judge,
)
