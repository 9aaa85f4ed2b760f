"""An accuracy that is not the share of right answers."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Output, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.measured import Measured
from mllint.rules import Rule
from mllint.rules.causes import FACTS, unexplained
from mllint.rules.described import figure
from mllint.rules.marks import head_first

SAME = 0.01


def find(setup: TrainingSetup, output: Output, measured: Measured) -> Iterator[Problem]:
    for metric in measured.metrics:
        if abs(metric.reported - metric.counted) > SAME:
            figures = f"{figure(metric.reported)} for the batch: {figure(metric.counted)} of the answers are right"
            yield Problem(
                severity=Severity.WARNING,
                message=f"'{metric.name}' is {figures}",
                marks=head_first(setup, output, "its answers were counted", "its metric"),
                help=("metrics=['binary_accuracy'] for labels of which several may apply, or for one unit",),
            )


RULE = Rule(
    code="MLL713",
    summary="an accuracy of the batch is not the share of right answers",
    since="0.1.0",
    judge=unexplained(find, "MLL713", (*FACTS, "metrics")),
)
