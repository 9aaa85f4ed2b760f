"""Class numbers where one column per class is wanted."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Applicability, Repair, SetLabels
from mllint.rules import Rule
from mllint.rules.marks import loss_first
from mllint.rules.repairing.ways_out import pairing_repairs
from mllint.rules.views.pairs import value
from mllint.rules.views.targets import CLASS_IDS, Target, is_scaled, targets


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for target in targets(setup):
        if target.family == "categorical" and target.encoding in CLASS_IDS and not _has_columns(target):
            yield Problem(
                severity=Severity.ERROR,
                message=f"integer labels with {target.loss}: {_consequence(target)}",
                marks=loss_first(setup, target.output, "wants one column per class", "one unit per class"),
                help=_ways_out(target),
                repairs=_repairs(setup, target),
            )


def _has_columns(target: Target) -> bool:
    """Labels with a column per unit are no class numbers, whatever their values; scaled ones have their own rule."""
    return is_scaled(target) or (target.columns is not None and target.columns > 1 and target.columns == target.units)


def _consequence(target: Target) -> str:
    if target.focal:
        return "Keras 3 compares every unit with the class number, Keras 2 raises"
    return "the loss wants one column per class, and Keras raises"


def _repairs(setup: TrainingSetup, target: Target) -> tuple[Repair, ...]:
    """What the categorical losses alone can do, smoothing and focussing, needs columns of classes."""
    if _has_no_unit(target):
        return ()
    if target.focal or value(target.output.loss.label_smoothing) != 0:
        return (_one_hot(target, "unsafe"), *pairing_repairs(setup, target.output, "multi-class", "suggestion"))
    return (*pairing_repairs(setup, target.output, "multi-class", "safe"), _one_hot(target, "suggestion"))


def _one_hot(target: Target, level: Applicability) -> Repair:
    change = SetLabels(target.output.labels, "one-hot", target.units)
    return Repair("write the labels with one column per class", level, (change,))


def _has_no_unit(target: Target) -> bool:
    """Whether a class number lies beyond the units: then the head is not right either."""
    return target.units is not None and (target.largest_id or 0) >= target.units


def _ways_out(target: Target) -> tuple[str, ...]:
    one_hot = "labels as keras.utils.to_categorical(y)"
    if target.focal:
        return (one_hot,)
    return ("loss='sparse_categorical_crossentropy', and its metrics", one_hot)


RULE = Rule(
    code="MLL402",
    summary="a categorical cross-entropy, which wants one column per class, is given class numbers",
    since="0.1.0",
    judge=judge,
)
