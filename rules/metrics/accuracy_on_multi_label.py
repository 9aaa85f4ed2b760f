"""The share of samples whose likeliest label is the first one, where several labels apply."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Applicability, Repair
from mllint.rules import Rule
from mllint.rules.marks import metric_first
from mllint.rules.repairing.metrics import accuracy_of_units, in_its_place
from mllint.rules.views.readings import ACCURACY, Reading, readings

FEWEST_UNITS = 3
"""Two independent units are mostly one-hot rows of two classes, for which argmax is right."""


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for reading in readings(setup):
        severity = _severity(reading)
        if severity is not None:
            yield Problem(
                severity=severity,
                message=f"{reading.text} of a multi-label head: {_consequence(reading)}",
                marks=metric_first(
                    reading.metric.place,
                    "compares the largest unit with the largest label",
                    reading.output,
                    "decides each unit by itself",
                    "labels are multi-hot" if reading.encoding == "multi-hot" else None,
                ),
                help=(
                    "metrics=['binary_accuracy'], with threshold=0 on logits",
                    "keras.metrics.AUC(multi_label=True) or F1Score(threshold=0.5)",
                ),
                repairs=_repairs(setup, reading),
            )


def _severity(reading: Reading) -> Severity | None:
    if reading.row.name not in {ACCURACY, "categorical_accuracy"} or not _is_independent(reading):
        return None
    if reading.family == "sparse":
        return None  # the loss asks for class numbers
    if reading.encoding == "multi-hot" and reading.units != 1:
        return Severity.WARNING
    unseen = reading.encoding is None and reading.family == "binary"
    return Severity.INFO if unseen and (reading.units or 0) >= FEWEST_UNITS else None


def _is_independent(reading: Reading) -> bool:
    """Units that each answer for themselves; a softmax on multi-hot labels is wrong before any metric is."""
    return reading.range == "unit" or (reading.family == "binary" and reading.range != "distribution")


def _repairs(setup: TrainingSetup, reading: Reading) -> tuple[Repair, ...]:
    """Labels out of sight may be one-hot after all, and argmax right."""
    accuracy = accuracy_of_units(reading)
    if accuracy is None:
        return ()
    change = in_its_place(setup, reading.metric, accuracy)
    level: Applicability = "unsafe" if reading.encoding == "multi-hot" else "suggestion"
    return (Repair("count the labels that are answered right, each by itself", level, (change,)),)


def _consequence(reading: Reading) -> str:
    return "it counts samples whose highest unit is their first label, whatever the other labels are"


RULE = Rule(
    code="MLL501",
    summary="the accuracy of a multi-label head counts the highest unit of each sample only",
    since="0.1.0",
    judge=judge,
)
