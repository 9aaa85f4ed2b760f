"""Class numbers divided by a constant, as pictures are."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Encoding, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair, SetLabels
from mllint.rules import Rule
from mllint.rules.marks import labels_first
from mllint.rules.views.pairs import value
from mllint.rules.views.targets import Target, is_scaled, targets


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for target in targets(setup):
        if is_scaled(target):
            divided = target.output.labels.divided_by
            constant = f"{value(divided):g}" if divided is not None else ""
            here = labels_first(target, f"divides the labels by {constant}", _wanted(target), "is trained on them")
            yield Problem(
                severity=Severity.ERROR,
                message=f"class numbers divided by {constant} with {target.loss}: {_consequence(target)}",
                marks=here,
                help=("scale the features only, not the labels",),
                repairs=_repairs(target),
            )


def _repairs(target: Target) -> tuple[Repair, ...]:
    """The numbers before the division, for losses that take class numbers."""
    if target.family == "categorical":
        return ()
    encoding: Encoding = "binary" if target.encoding == "binary" else "integer"
    return (Repair("do not divide the labels", "unsafe", (SetLabels(target.output.labels, encoding),)),)


def _consequence(target: Target) -> str:
    if target.family == "sparse":
        return "the loss rounds them down, so all samples become class 0"
    if target.family == "categorical":
        return "they are neither class numbers nor shares of classes"
    return "no label is 1 any more, and the model learns to answer no"


def _wanted(target: Target) -> str:
    if target.family == "sparse":
        return "wants class numbers"
    return "wants one column per class" if target.family == "categorical" else "wants labels 0 and 1"


RULE = Rule(
    code="MLL409",
    summary="the class numbers were divided by a constant before a loss that wants classes",
    since="0.1.0",
    judge=judge,
)
