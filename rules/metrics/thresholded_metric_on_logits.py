"""A threshold of 0.5, on scores that turn at 0."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mllint.facts import Fact, Known, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule
from mllint.rules.marks import metric_first
from mllint.rules.readings import ACCURACY, Reading, readings


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


def _ways_out(reading: Reading) -> tuple[str, ...]:
    head = "activation='sigmoid' on the head, without from_logits=True"
    if not reading.decides_once and reading.family != "binary":
        return ("a metric that takes the largest unit: 'accuracy'",)
    if reading.row.name in {ACCURACY, "binary_accuracy"}:
        return ("keras.metrics.BinaryAccuracy(threshold=0)", head)
    parameter = "threshold" if reading.row.name == "binary_iou" else "thresholds"
    return (f"{parameter}=0 in the metric", head)


RULE = Rule(
    code="MLL502",
    summary="a metric compares logits with a threshold that is meant for probabilities",
    since="0.1.0",
    judge=judge,
)
