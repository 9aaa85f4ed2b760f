"""A metric for one form of class labels, on the other."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Applicability, Repair
from mllint.rules import Rule
from mllint.rules.marks import metric_first
from mllint.rules.repairing.metrics import in_its_place, under_its_own_name
from mllint.rules.views.readings import Reading, readings

WANTS_NUMBERS = frozenset({"sparse_categorical_accuracy", "sparse_top_k_categorical_accuracy"})
COMPARES_UNITS = frozenset({"categorical_accuracy", "top_k_categorical_accuracy", "binary_accuracy"})
WANTS_COLUMNS = frozenset(
    {
        *("precision", "recall", "true_positives", "true_negatives", "false_positives", "false_negatives"),
        *("auc", "precision_at_recall", "recall_at_precision"),
        *("sensitivity_at_specificity", "specificity_at_sensitivity"),
    }
)
"""Those that count hits unit by unit: they do not take one number for several units."""
PICKS = ("class_id", "multi_label", "top_k")
"""Arguments with which they read something else."""
SPARSE = {
    "categorical_accuracy": "sparse_categorical_accuracy",
    "top_k_categorical_accuracy": "sparse_top_k_categorical_accuracy",
}


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for reading in readings(setup):
        form = reading.label_form
        if form == "rows" and reading.row.name in WANTS_NUMBERS:
            yield _problem(setup, reading, Severity.ERROR, "it wants class numbers, and Keras raises", "one-hot labels")
        elif form == "numbers" and _compares_units(reading):
            yield _problem(setup, reading, Severity.WARNING, _consequence(reading), "class numbers")
        elif form == "numbers" and reading.family == "sparse" and _wants_columns(reading):
            yield _of_other_shape(reading)


def _wants_columns(reading: Reading) -> bool:
    return reading.row.name in WANTS_COLUMNS and all(reading.argument(name) is None for name in PICKS)


def _of_other_shape(reading: Reading) -> Problem:
    return Problem(
        severity=Severity.ERROR,
        message=f"{reading.text} with class numbers: it wants a column for each of the {reading.units} units, "
        "and Keras raises",
        marks=metric_first(
            reading.metric.place,
            "is given class numbers",
            reading.output,
            "one unit per class",
            "labels: class numbers",
        ),
        help=("one-hot labels, with loss='categorical_crossentropy'", "metrics=['accuracy'], which goes by the labels"),
    )


def _problem(setup: TrainingSetup, reading: Reading, severity: Severity, consequence: str, labels: str) -> Problem:
    return Problem(
        severity=severity,
        message=f"{reading.text} with {labels}: {consequence}",
        marks=metric_first(
            reading.metric.place, f"is given {labels}", reading.output, "one unit per class", f"labels: {labels}"
        ),
        help=(f"metrics=['{_right_metric(reading)}']", "metrics=['accuracy'], which goes by the labels"),
        repairs=_repairs(setup, reading),
    )


def _repairs(setup: TrainingSetup, reading: Reading) -> tuple[Repair, ...]:
    right = _right_metric(reading)
    title = f"compute the {right}"
    if reading.row.reads == "regression":
        return (Repair(title, "suggestion", under_its_own_name(setup, reading.metric, (right, ()))),)
    level: Applicability = "unsafe" if reading.row.name == "binary_accuracy" else "safe"
    return (Repair(title, level, (in_its_place(setup, reading.metric, (right, ())),)),)


def _compares_units(reading: Reading) -> bool:
    if reading.family not in {"sparse", None}:
        return False  # class numbers under another loss are what is wrong, and other rules say so
    return reading.row.name in COMPARES_UNITS or reading.row.reads == "regression"


def _consequence(reading: Reading) -> str:
    if reading.row.reads == "regression":
        return "the class number is compared with every unit's probability, or Keras 3 raises"
    if reading.row.name == "binary_accuracy":
        return "the class number is compared with the answer of every unit, or Keras 3 raises"
    if reading.row.name == "top_k_categorical_accuracy":
        return "it looks for the largest entry of a single number, or Keras 3 raises"
    return "the largest entry of a single number is always the first, so it counts answers of class 0"


def _right_metric(reading: Reading) -> str:
    if reading.row.name in WANTS_NUMBERS:
        return reading.row.name.removeprefix("sparse_")
    return SPARSE.get(reading.row.name, "sparse_categorical_accuracy")


RULE = Rule(
    code="MLL505",
    summary="a metric for one-hot labels is given class numbers, or the other way round",
    since="0.1.0",
    judge=judge,
)
