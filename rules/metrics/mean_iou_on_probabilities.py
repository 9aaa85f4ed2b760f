"""Regions of class numbers, of a head that returns probabilities."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Applicability, Repair, Written
from mllint.rules import Rule
from mllint.rules.marks import metric_first
from mllint.rules.repairing.metrics import in_its_place
from mllint.rules.views.pairs import value
from mllint.rules.views.readings import Reading, readings

BY_CLASS_NUMBER = frozenset({"iou", "mean_iou"})


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for reading in readings(setup):
        if reading.row.name in BY_CLASS_NUMBER and _reads_probabilities(reading):
            yield Problem(
                severity=Severity.WARNING,
                message=f"{reading.text} of probabilities: cut down to whole numbers, nearly all become class 0",
                marks=metric_first(
                    reading.metric.place, "wants class numbers", reading.output, "returns probabilities"
                ),
                help=_ways_out(reading),
                repairs=_repairs(setup, reading),
            )


def _reads_probabilities(reading: Reading) -> bool:
    sparse = reading.argument("sparse_y_pred")
    return reading.range in {"unit", "distribution"} and (sparse is None or value(sparse) is True)


def _repairs(setup: TrainingSetup, reading: Reading) -> tuple[Repair, ...]:
    if reading.decides_once:
        return _by_threshold(setup, reading)
    if reading.range != "distribution":
        return ()
    columns: tuple[tuple[str, Written], ...] = (("sparse_y_pred", False),)
    if reading.label_form == "rows":
        columns = (("sparse_y_true", False), *columns)
    level: Applicability = "unsafe" if reading.label_form is None else "safe"
    change = in_its_place(setup, reading.metric, (reading.row.name, columns))
    return (Repair("take the likeliest class of each row", level, (change,)),)


def _by_threshold(setup: TrainingSetup, reading: Reading) -> tuple[Repair, ...]:
    """For two classes, over both of which the mean is taken by default."""
    classes = reading.argument("num_classes")
    if reading.range != "unit" or classes is None or value(classes) != 2:
        return ()
    change = in_its_place(setup, reading.metric, ("binary_iou", ()))
    return (Repair("count what is at least 0.5 as class 1", "safe", (change,)),)


def _ways_out(reading: Reading) -> tuple[str, ...]:
    if reading.range == "unit" and reading.decides_once:
        return ("keras.metrics.BinaryIoU(threshold=0.5)",)
    return ("sparse_y_pred=False in the metric", "keras.metrics.OneHotMeanIoU(num_classes), for one-hot labels")


RULE = Rule(
    code="MLL512",
    summary="an intersection over union reads probabilities as class numbers",
    since="0.1.0",
    judge=judge,
)
