"""Exclusive classes, each decided by itself."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule
from mllint.rules.marks import head_first
from mllint.rules.repairing.ways_out import pairing_repairs
from mllint.rules.views.pairs import Pair, judged_pairs

FEWEST_UNITS = 3
"""Two units with one-hot rows are a common form of the binary task, and decide as well."""


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for pair in judged_pairs(setup):
        if pair.encoding == "one-hot" and (pair.units or 0) >= FEWEST_UNITS and _is_independent(pair):
            yield Problem(
                severity=Severity.INFO,
                message=f"{pair.text} on one-hot labels: the answers for one sample do not sum to 1",
                marks=head_first(setup, pair.output, "decides each unit by itself", "decides each unit by itself"),
                help=("activation='softmax' with loss='categorical_crossentropy'",),
                repairs=pairing_repairs(setup, pair.output, "multi-class", "unsafe"),
            )


def _is_independent(pair: Pair) -> bool:
    if pair.family != "binary" or (pair.is_logits_op and pair.range == "unit"):
        return False
    return pair.range == "unit" or (pair.range == "unbounded" and pair.from_logits is True)


RULE = Rule(
    code="MLL413",
    summary="the exclusive classes of one-hot labels are trained as independent yes/no answers",
    since="0.1.0",
    judge=judge,
)
