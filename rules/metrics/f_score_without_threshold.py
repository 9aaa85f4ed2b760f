"""An F score that picks one unit per sample."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Known, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Applicability, Repair
from mllint.rules import Rule
from mllint.rules.marks import metric_first
from mllint.rules.repairing.metrics import in_its_place
from mllint.rules.views.readings import Reading, readings

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
                help=_ways_out(reading),
                repairs=_repairs(setup, reading),
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


def _ways_out(reading: Reading) -> tuple[str, ...]:
    if reading.range == "unit":
        return ("threshold=0.5 in the metric",)
    return ("activation='sigmoid' on the head, and threshold=0.5 in the metric, which takes no threshold of 0",)


def _repairs(setup: TrainingSetup, reading: Reading) -> tuple[Repair, ...]:
    """On probabilities: the F scores of Keras take thresholds above 0 and up to 1 only."""
    if reading.range != "unit":
        return ()
    change = in_its_place(setup, reading.metric, (reading.row.name, (("threshold", 0.5),)))
    level: Applicability = "safe" if reading.decides_once else "unsafe"
    return (Repair("count what is above 0.5 as yes", level, (change,)),)


RULE = Rule(
    code="MLL509",
    summary="an F score without threshold reads a single unit or a multi-label head",
    since="0.1.0",
    judge=judge,
)
