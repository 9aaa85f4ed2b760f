"""Precision and recall, of all classes at once."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair
from mllint.rules import Rule
from mllint.rules.marks import metric_first
from mllint.rules.repairing.metrics import in_its_place
from mllint.rules.views.readings import Reading, readings

COUNTS = frozenset({"precision", "recall", "true_positives", "true_negatives", "false_positives", "false_negatives"})

OF_ONE_CLASS = frozenset({"precision", "recall"})
"""Those that take a class_id."""


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for reading in readings(setup):
        if reading.row.name in COUNTS and _reads_columns(reading):
            yield Problem(
                severity=Severity.WARNING if reading.units == 2 else Severity.INFO,
                message=f"{reading.text} of {reading.units} softmax columns: {_consequence(reading)}",
                marks=metric_first(
                    reading.metric.place, "counts every column", reading.output, f"has {reading.units} columns"
                ),
                help=_ways_out(reading),
                repairs=_repairs(setup, reading),
            )


def _reads_columns(reading: Reading) -> bool:
    """A softmax of several classes whose labels have as many columns, as the loss asks for."""
    is_softmax = reading.range == "distribution" and (reading.units or 0) > 1
    picks = any(reading.argument(name) is not None for name in ("class_id", "top_k"))
    return is_softmax and not picks and reading.family == "categorical" and reading.encoding != "multi-hot"


def _consequence(reading: Reading) -> str:
    if reading.units == 2:
        return "each sample counts once right or wrong in both, so it is the accuracy again"
    return "all classes are counted together, and samples without an answer above 0.5 are left out"


def _repairs(setup: TrainingSetup, reading: Reading) -> tuple[Repair, ...]:
    """Of two classes the second is usually the one that counts; of more only the author knows."""
    if reading.units != 2 or reading.row.name not in OF_ONE_CLASS:
        return ()
    change = in_its_place(setup, reading.metric, (reading.row.name, (("class_id", 1),)))
    return (Repair("count class 1 only", "suggestion", (change,)),)


def _ways_out(reading: Reading) -> tuple[str, ...]:
    if reading.row.name in OF_ONE_CLASS:
        return ("class_id=1 in the metric, for the class that counts", "keras.metrics.F1Score(), one value per class")
    return ("a head of one sigmoid unit", "keras.metrics.Precision(class_id=1) and Recall(class_id=1)")


RULE = Rule(
    code="MLL511",
    summary="a precision or recall counts all columns of a softmax together",
    since="0.1.0",
    judge=judge,
)
