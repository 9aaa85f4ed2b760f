"""An F score that picks one unit per sample."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Known, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule
from mllint.rules.marks import metric_first
from mllint.rules.readings import Reading, readings

F_SCORES = frozenset({"f1_score", "f_beta_score"})


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for reading in readings(setup):
        if reading.row.name in F_SCORES and not _has_threshold(reading) and _needs_threshold(reading):
            yield Problem(
                severity=Severity.WARNING,
                message=f"{reading.text} without threshold: {_consequence(reading)}",
                marks=metric_first(
                    reading.metric.place,
                    "takes the largest unit for the answer",
                    reading.output,
                    "has 1 unit" if reading.decides_once else "decides each unit by itself",
                    "labels are multi-hot" if reading.encoding == "multi-hot" else None,
                ),
                help=("threshold=0.5 in the metric, 0 on logits",),
            )


def _has_threshold(reading: Reading) -> bool:
    threshold = reading.argument("threshold")
    return threshold is not None and not (isinstance(threshold, Known) and threshold.value is None)


def _needs_threshold(reading: Reading) -> bool:
    if reading.decides_once:
        return True
    return reading.encoding == "multi-hot" and reading.range in {"unit", "unbounded"}


def _consequence(reading: Reading) -> str:
    if reading.decides_once:
        return "the largest of one unit is always that one, so every answer counts as yes"
    return "only the highest unit of each sample counts as yes"


RULE = Rule(
    code="MLL509",
    summary="an F score without threshold reads a single unit or a multi-label head",
    since="0.1.0",
    judge=judge,
)
