"""Numbers beyond what the activation can return."""

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
        if miss.low is not None and miss.high is not None:
            yield Problem(
                severity=Severity.ERROR,
                message=f"{miss.pair.text} on numbers {miss.outside}: the head never gets there",
                marks=head_first(setup, miss.target.output, _bounds(miss), "is trained on the difference"),
                help=("no activation on the head", f"scale the targets to {miss.low:g} to {miss.high:g}"),
                repairs=_repairs(miss),
            )


def _repairs(miss: Missed) -> tuple[Repair, ...]:
    """A loss for counts needs numbers above 0, which a head without activation does not keep to."""
    if miss.target.family != "regression" or miss.needs_positive:
        return ()
    head = miss.target.output.head
    return (Repair("leave the head without activation", "unsafe", (SetActivation(head, "linear"),)),)


def _bounds(miss: Missed) -> str:
    return f"returns {miss.low:g} to {miss.high:g}"


RULE = Rule(
    code="MLL411",
    summary="a sigmoid, tanh or softmax head is trained on numbers outside its range",
    since="0.1.0",
    judge=judge,
)
