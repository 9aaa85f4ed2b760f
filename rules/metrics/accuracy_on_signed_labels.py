"""Answers of 0 and 1, compared with labels -1 and 1."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair, SetLabels
from mllint.rules import Rule
from mllint.rules.marks import metric_first
from mllint.rules.repairing.metrics import in_its_place
from mllint.rules.views.pairs import CROSSENTROPIES
from mllint.rules.views.readings import ACCURACY, Reading, readings


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for reading in readings(setup):
        if _compares_with_zero_or_one(reading) and reading.encoding == "signed":
            yield Problem(
                severity=Severity.WARNING,
                message=f"{reading.text} on labels -1 and 1: answers become 0 or 1, so no label -1 is ever met",
                marks=metric_first(
                    reading.metric.place, "turns answers into 0 and 1", reading.output, "is read", "labels are -1 and 1"
                ),
                help=(
                    "labels 0 and 1, which the hinge losses convert",
                    "a metric of one's own that compares the signs",
                ),
                repairs=_repairs(setup, reading),
            )


def _repairs(setup: TrainingSetup, reading: Reading) -> tuple[Repair, ...]:
    """For the hinge losses, which make -1 and 1 of 0 and 1 themselves, on one unit that turns at 0."""
    if reading.family != "hinge" or not reading.decides_once or reading.range not in {"signed", "unbounded"}:
        return ()
    changes = (
        SetLabels(reading.output.labels, "binary"),
        in_its_place(setup, reading.metric, ("binary_accuracy", (("threshold", 0),))),
    )
    return (Repair("write the labels as 0 and 1, and compare the answers with 0", "unsafe", changes),)


def _compares_with_zero_or_one(reading: Reading) -> bool:
    """Under a cross-entropy the labels are what is wrong, and signed-labels-with-crossentropy says so."""
    if reading.family in CROSSENTROPIES:
        return False
    return reading.row.name == "binary_accuracy" or (reading.row.name == ACCURACY and reading.decides_once)


RULE = Rule(
    code="MLL503",
    summary="an accuracy compares answers of 0 and 1 with labels -1 and 1",
    since="0.1.0",
    judge=judge,
)
