"""The k likeliest of no more than k classes."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair
from mllint.rules import Rule
from mllint.rules.marks import metric_first
from mllint.rules.repairing.metrics import accuracy_of_classes, in_its_place, under_its_own_name
from mllint.rules.views.pairs import value
from mllint.rules.views.readings import Reading, readings

OTHER_FORM = {"top_k_categorical_accuracy": "numbers", "sparse_top_k_categorical_accuracy": "rows"}
"""The form of labels on which each of the two raises: metric-for-other-labels says so."""
DEFAULT_K = 5


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for reading in readings(setup):
        k = _k(reading) if _is_read(reading) else None
        if k is not None and reading.units is not None and 1 < reading.units <= k:
            yield Problem(
                severity=Severity.WARNING,
                message=f"{reading.text} with k={k} of {reading.units} classes: always 1.0",
                marks=metric_first(
                    reading.metric.place, f"looks among the best {k}", reading.output, f"has {reading.units} units"
                ),
                help=_ways_out(reading.units),
                repairs=_repairs(setup, reading, reading.units),
            )


def _is_read(reading: Reading) -> bool:
    return reading.row.name in OTHER_FORM and reading.label_form != OTHER_FORM[reading.row.name]


def _k(reading: Reading) -> int | None:
    given = reading.argument("k")
    k = DEFAULT_K if given is None else value(given)
    return k if isinstance(k, int) else None


def _ways_out(units: int) -> tuple[str, ...]:
    return ("metrics=['accuracy']", f"k=2, or at most {units - 1}") if units > 2 else ("metrics=['accuracy']",)


def _repairs(setup: TrainingSetup, reading: Reading, units: int) -> tuple[Repair, ...]:
    accuracy = accuracy_of_classes(reading)
    ways: list[Repair] = []
    if accuracy is not None:
        changes = under_its_own_name(setup, reading.metric, accuracy)
        ways.append(Repair("count the samples whose likeliest class is right", "suggestion", changes))
    if units > 2:
        best_two = in_its_place(setup, reading.metric, (reading.row.name, (("k", 2),)))
        ways.append(Repair("look among the best 2", "suggestion", (best_two,)))
    return tuple(ways)


RULE = Rule(
    code="MLL510",
    summary="a top-k accuracy has a k no smaller than the number of classes",
    since="0.1.0",
    judge=judge,
)
