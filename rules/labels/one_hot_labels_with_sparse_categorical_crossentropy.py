"""Columns of classes where class numbers are wanted."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair
from mllint.rules import Rule
from mllint.rules.marks import loss_first
from mllint.rules.repairing.ways_out import pairing_repairs
from mllint.rules.views.targets import ROWS_OF_CLASSES, Target, targets


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for target in targets(setup):
        if target.family == "sparse" and target.encoding in ROWS_OF_CLASSES:
            yield Problem(
                severity=Severity.ERROR,
                message=f"{target.encoding} labels with {target.loss}: the loss wants class numbers, and Keras raises",
                marks=loss_first(setup, target.output, "wants class numbers", "one unit per class"),
                help=_ways_out(target),
                repairs=_repairs(setup, target),
            )


def _repairs(setup: TrainingSetup, target: Target) -> tuple[Repair, ...]:
    """Rows that sum to one keep the head. The other loss computes what was asked for, and this one raises."""
    if target.encoding == "multi-hot":
        return pairing_repairs(setup, target.output, "multi-label", "unsafe")
    return pairing_repairs(setup, target.output, "multi-class", "safe")


def _ways_out(target: Target) -> tuple[str, ...]:
    if target.encoding == "multi-hot":
        return ("activation='sigmoid' with loss='binary_crossentropy'",)
    if target.encoding == "distribution":
        return ("loss='categorical_crossentropy', and its metrics",)
    return ("loss='categorical_crossentropy', and its metrics", "the class numbers as labels, not one-hot")


RULE = Rule(
    code="MLL403",
    summary="a sparse categorical cross-entropy, which wants class numbers, is given one column per class",
    since="0.1.0",
    judge=judge,
)
