"""The k likeliest of no more than k classes."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule
from mllint.rules.marks import metric_first
from mllint.rules.pairs import value
from mllint.rules.readings import Reading, readings

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
                help=("metrics=['accuracy']", f"k=2, or at most {reading.units - 1}"),
            )


def _is_read(reading: Reading) -> bool:
    return reading.row.name in OTHER_FORM and reading.label_form != OTHER_FORM[reading.row.name]


def _k(reading: Reading) -> int | None:
    given = reading.argument("k")
    k = DEFAULT_K if given is None else value(given)
    return k if isinstance(k, int) else None


RULE = Rule(
    code="MLL510",
    summary="a top-k accuracy has a k no smaller than the number of classes",
    since="0.1.0",
    judge=judge,
)
