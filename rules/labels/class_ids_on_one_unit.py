"""Class numbers above 1 under a loss for yes and no."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair
from mllint.rules import Rule
from mllint.rules.marks import head_first
from mllint.rules.repairing.ways_out import pairing_repairs
from mllint.rules.views.targets import Target, is_scaled, targets


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for target in targets(setup):
        largest = target.largest_id
        if _decides_once(target) and largest is not None and largest > 1 and not is_scaled(target):
            yield Problem(
                severity=Severity.ERROR,
                message=f"class numbers up to {largest} with {target.loss} on 1 unit: {_consequence(target)}",
                marks=head_first(setup, target.output, "answers yes or no", "wants labels 0 and 1"),
                help=_ways_out(target, largest),
                repairs=_repairs(setup, target),
            )


def _decides_once(target: Target) -> bool:
    return target.units == 1 and target.encoding == "integer" and target.family in {"binary", "hinge"}


def _consequence(target: Target) -> str:
    if target.family == "binary":
        return "a label above 1 makes the loss negative, and every such class gets the same answer"
    return "one sign cannot tell more than two classes apart"


def _repairs(setup: TrainingSetup, target: Target) -> tuple[Repair, ...]:
    """Two classes with other numbers than 0 and 1 need other labels, not other units."""
    return pairing_repairs(setup, target.output, "multi-class", "unsafe") if target.classes != 2 else ()


def _ways_out(target: Target, largest: int) -> tuple[str, ...]:
    if target.classes == 2:
        return ("labels 0 and 1",)
    return (f"Dense({largest + 1}, activation='softmax') with loss='sparse_categorical_crossentropy'",)


RULE = Rule(
    code="MLL407",
    summary="a single unit with a loss for two classes is trained on class numbers above 1",
    since="0.1.0",
    judge=judge,
)
