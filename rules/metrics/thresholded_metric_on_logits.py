"""A threshold of 0.5, on scores that turn at 0."""

from __future__ import annotations

from collections.abc import Iterator
from math import log
from typing import Any

from mllint.facts import Fact, Known, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Applicability, Repair
from mllint.rules import Rule
from mllint.rules.marks import metric_first
from mllint.rules.repairing.metrics import accuracy_of_classes, in_its_place
from mllint.rules.views.readings import ACCURACY, Reading, readings

HALFWAY = 0.5
"""The probability that a logit of 0 means."""
CONFUSIONS = frozenset(
    {"precision", "recall", "true_positives", "true_negatives", "false_positives", "false_negatives"}
)
"""The metrics whose parameter is `thresholds`, each from 0 to 1."""


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for reading in readings(setup):
        threshold = _threshold(reading)
        if threshold is not None and 0 < threshold < 1 and reading.reads_logits:
            yield Problem(
                severity=Severity.WARNING,
                message=f"{reading.text} of logits: they are compared with {threshold:g}, but turn from no to yes at 0",
                marks=metric_first(
                    reading.metric.place,
                    f"counts what is above {threshold:g}",
                    reading.output,
                    "returns logits, not probabilities",
                ),
                help=_ways_out(reading),
                repairs=_repairs(setup, reading, threshold),
            )


def _threshold(reading: Reading) -> float | None:
    """The threshold, None where the metric has none or is given several."""
    if reading.row.name == ACCURACY:
        return 0.5 if reading.decides_once else None
    if reading.row.threshold is None or reading.argument("top_k") is not None:
        return None
    given: Fact[Any] = reading.metric.threshold
    if not isinstance(given, Known):
        return None
    threshold = reading.row.threshold if given.value is None else given.value
    return threshold if isinstance(threshold, int | float) else None


def _repairs(setup: TrainingSetup, reading: Reading, threshold: float) -> tuple[Repair, ...]:
    if _is_of_classes(reading):
        return _by_largest(setup, reading)
    score = round(log(threshold / (1 - threshold)), 3) if threshold != HALFWAY else 0
    if reading.row.name in CONFUSIONS and not 0 <= score <= 1:
        return ()  # Keras takes no such threshold here
    parameter = "thresholds" if reading.row.name in CONFUSIONS else "threshold"
    name = "binary_accuracy" if reading.row.name == ACCURACY else reading.row.name
    change = in_its_place(setup, reading.metric, (name, ((parameter, score),)))
    level: Applicability = "safe" if threshold == HALFWAY else "unsafe"
    return (Repair(f"compare the logits with {score:g}", level, (change,)),)


def _by_largest(setup: TrainingSetup, reading: Reading) -> tuple[Repair, ...]:
    """Of the metrics with a threshold only an accuracy has a counterpart for classes that compete."""
    accuracy = accuracy_of_classes(reading) if reading.row.name == "binary_accuracy" else None
    if accuracy is None or reading.encoding == "multi-hot":
        return ()
    return (
        Repair("take the largest logit for the answer", "unsafe", (in_its_place(setup, reading.metric, accuracy),)),
    )


def _is_of_classes(reading: Reading) -> bool:
    return not reading.decides_once and reading.family != "binary"


def _ways_out(reading: Reading) -> tuple[str, ...]:
    head = "activation='sigmoid' on the head, without from_logits=True"
    if _is_of_classes(reading):
        return ("a metric that takes the largest unit: 'accuracy'",)
    if reading.row.name in {ACCURACY, "binary_accuracy"}:
        return ("keras.metrics.BinaryAccuracy(threshold=0)", head)
    parameter = "thresholds" if reading.row.name in CONFUSIONS else "threshold"
    return (f"{parameter}=0 in the metric", head)


RULE = Rule(
    code="MLL502",
    summary="a metric compares logits with a threshold that is meant for probabilities",
    since="0.1.0",
    judge=judge,
)
