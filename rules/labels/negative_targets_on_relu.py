"""Negative numbers, of a head that stops at 0."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair, SetActivation
from mllint.rules import Rule
from mllint.rules.marks import head_first
from mllint.rules.views.reach import Missed, missed


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for miss in missed(setup):
        if miss.low is not None and miss.high is None:
            yield Problem(
                severity=Severity.WARNING,
                message=f"{miss.pair.text} on numbers {miss.outside}: the head never gets there",
                marks=head_first(
                    setup, miss.target.output, f"never goes below {miss.low:g}", "is trained on the difference"
                ),
                help=("no activation on the head",),
                repairs=_repairs(miss),
            )


def _repairs(miss: Missed) -> tuple[Repair, ...]:
    """A loss for counts has no use for negative numbers in the first place."""
    if miss.target.family != "regression" or miss.needs_positive:
        return ()
    head = miss.target.output.head
    return (Repair("leave the head without activation", "unsafe", (SetActivation(head, "linear"),)),)


RULE = Rule(
    code="MLL412",
    summary="a relu or softplus head is trained on numbers of which some are negative",
    since="0.1.0",
    judge=judge,
)
