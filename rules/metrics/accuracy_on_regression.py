"""The share of exact hits, of numbers."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule
from mllint.rules.marks import metric_first
from mllint.rules.readings import ACCURACY, Reading, readings

PREDICTS_NUMBERS = frozenset({"regression", "count"})
OPEN = frozenset({"unbounded", "rectified", "positive"})


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for reading in readings(setup):
        if reading.family in PREDICTS_NUMBERS and (_is_of_numbers(reading) or _has_no_reading(reading)):
            yield Problem(
                severity=Severity.WARNING,
                message=f"{reading.text} under {_loss(reading)}: {_consequence(reading)}",
                marks=metric_first(
                    reading.metric.place,
                    "counts exact hits",
                    reading.output,
                    "returns a number" if reading.decides_once else "returns numbers",
                    "labels are numbers" if reading.encoding == "continuous" else None,
                ),
                help=("metrics=['mae']", "keras.metrics.R2Score()"),
            )


def _is_of_numbers(reading: Reading) -> bool:
    return reading.encoding == "continuous" and reading.row.name in {
        ACCURACY,
        "binary_accuracy",
        "categorical_accuracy" if not reading.decides_once else ACCURACY,
    }


def _has_no_reading(reading: Reading) -> bool:
    """One open-ended number under such a loss, whose labels are out of sight.

    They are numbers to predict, and accuracy means nothing; or they are 0 and 1, and the head is wrong.
    """
    unseen = reading.encoding is None and reading.row.name == ACCURACY
    return unseen and reading.decides_once and reading.range in OPEN


def _loss(reading: Reading) -> str:
    return reading.pair.loss if reading.pair is not None else "a loss for numbers"


def _consequence(reading: Reading) -> str:
    if reading.decides_once:
        return "each number is turned into 0 or 1 before it is compared, which says nothing about how close it is"
    return "it asks which of the units is largest, which says nothing about how close they are"


RULE = Rule(
    code="MLL507",
    summary="accuracy is asked of a model that predicts numbers",
    since="0.1.0",
    judge=judge,
)
