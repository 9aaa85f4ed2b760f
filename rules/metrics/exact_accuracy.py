"""Predictions that must equal the labels to the last bit."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair
from mllint.rules import Rule
from mllint.rules.marks import metric_first
from mllint.rules.repairing.metrics import accuracy_of_classes, accuracy_of_units, for_numbers, in_its_place
from mllint.rules.views.readings import Reading, readings

WHOLE = frozenset({"opaque", "arithmetic", "cast"})
"""Stages that may turn probabilities into whole numbers before the metric sees them."""

PREDICTS_NUMBERS = frozenset({"regression", "count"})
COMPETES = frozenset({"categorical", "sparse"})


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for reading in readings(setup):
        if reading.row.reads == "exact" and reading.range is not None and not _may_be_whole(reading):
            yield Problem(
                severity=Severity.WARNING,
                message=f"keras.metrics.Accuracy() of {_outputs(reading)}: none equals its label to the last bit",
                marks=metric_first(
                    reading.metric.place, "compares for equality", reading.output, f"returns {_outputs(reading)}"
                ),
                help=("metrics=['accuracy'], which goes by the shapes", "keras.metrics.BinaryAccuracy() or its like"),
                repairs=_repairs(setup, reading),
            )


def _may_be_whole(reading: Reading) -> bool:
    return any(stage.role in WHOLE for stage in reading.output.head.stages)


def _repairs(setup: TrainingSetup, reading: Reading) -> tuple[Repair, ...]:
    if reading.family in PREDICTS_NUMBERS:
        return for_numbers(setup, reading) if reading.encoding == "continuous" else ()
    if reading.decides_once or reading.encoding == "multi-hot":
        accuracy = accuracy_of_units(reading) if _answers_yes_or_no(reading) else None
    else:
        accuracy = accuracy_of_classes(reading) if reading.family in COMPETES else None
    if accuracy is None:
        return ()
    return (Repair(f"compute the {accuracy[0]}", "safe", (in_its_place(setup, reading.metric, accuracy),)),)


def _answers_yes_or_no(reading: Reading) -> bool:
    return reading.family == "binary" and reading.encoding in {None, "binary", "multi-hot"}


def _outputs(reading: Reading) -> str:
    return "probabilities" if reading.range in {"unit", "distribution"} else "floating-point numbers"


RULE = Rule(
    code="MLL508",
    summary="the class keras.metrics.Accuracy compares probabilities with labels for equality",
    since="0.1.0",
    judge=judge,
)
