"""The largest of one."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Applicability, Repair
from mllint.rules import Rule
from mllint.rules.marks import metric_first
from mllint.rules.repairing.metrics import accuracy_of_units, in_its_place
from mllint.rules.views.readings import Reading, readings

CONSEQUENCE = {
    "categorical_accuracy": "the largest of one unit is always that one, so it says nothing about the answers",
    "top_k_categorical_accuracy": "the one unit is always among the largest, so it is always 1.0",
    "sparse_categorical_accuracy": "the largest of one unit is always unit 0, so it is the share of class 0",
    "sparse_top_k_categorical_accuracy": "the one unit is always among the largest, so it says nothing",
}


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for reading in readings(setup):
        if reading.row.name in CONSEQUENCE and reading.decides_once:
            yield Problem(
                severity=Severity.WARNING,
                message=f"{reading.text} of 1 unit: {CONSEQUENCE[reading.row.name]}",
                marks=metric_first(reading.metric.place, "looks for the largest unit", reading.output, "has 1 unit"),
                help=_ways_out(reading),
                repairs=_repairs(setup, reading),
            )


def _repairs(setup: TrainingSetup, reading: Reading) -> tuple[Repair, ...]:
    """Where head, loss and labels are those of a yes or no."""
    accuracy = accuracy_of_units(reading)
    if accuracy is None or not _answers_yes_or_no(reading):
        return ()
    level: Applicability = "unsafe" if "top_k" in reading.row.name else "safe"
    return (Repair("count the right answers", level, (in_its_place(setup, reading.metric, accuracy),)),)


def _answers_yes_or_no(reading: Reading) -> bool:
    return reading.encoding == "binary" or (reading.encoding is None and reading.family == "binary")


def _ways_out(reading: Reading) -> tuple[str, ...]:
    if reading.family == "regression" and reading.range == "unbounded":
        return ("for a number: metrics=['mae']", "for two classes: metrics=['binary_accuracy']")
    return ("metrics=['accuracy']", "metrics=['binary_accuracy']")


RULE = Rule(
    code="MLL506",
    summary="a metric that looks for the largest unit reads a single one",
    since="0.1.0",
    judge=judge,
)
