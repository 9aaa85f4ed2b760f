"""Negative numbers, of a head that stops at 0."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule
from mllint.rules.evidence import head_first
from mllint.rules.reach import missed


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
            )


RULE = Rule(
    code="MLL412",
    summary="a relu or softplus head is trained on numbers of which some are negative",
    since="0.1.0",
    judge=judge,
)
