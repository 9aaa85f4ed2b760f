"""Margins on both sides of zero, of a head that knows one side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair
from mllint.rules import Rule
from mllint.rules.marks import head_first
from mllint.rules.repairing.ways_out import by_labels, raw_scores
from mllint.rules.views.pairs import Pair, judged_pairs

FEWEST_UNITS = 3
"""With one or two units every head was measured to decide as well as a linear one."""


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for pair in judged_pairs(setup):
        if pair.family == "hinge" and pair.units is not None and pair.units >= FEWEST_UNITS and _saturates(pair):
            yield Problem(
                severity=Severity.WARNING,
                message=f"{pair.text}: units are pushed against 0, stay there, and tie",
                marks=head_first(setup, pair.output, "never goes below 0", "pushes wrong classes below -1"),
                help=("no activation on the head", "activation='softmax' with a categorical cross-entropy"),
                repairs=_repairs(setup, pair),
            )


def _saturates(pair: Pair) -> bool:
    if pair.range == "rectified":
        return True
    if pair.range == "distribution":
        return pair.loss == "hinge" and pair.encoding != "multi-hot"
    if pair.range in {"unit", "positive"}:
        return pair.loss == "squared_hinge" or (pair.loss == "hinge" and pair.encoding != "multi-hot")
    return False


def _repairs(setup: TrainingSetup, pair: Pair) -> tuple[Repair, ...]:
    """Keep the margins or keep the probabilities: the author says which."""
    margins = raw_scores(setup, pair.output, "suggestion")
    return (*margins, *(replace(repair, applicability="suggestion") for repair in by_labels(setup, pair.output)))


RULE = Rule(
    code="MLL111",
    summary="a head that never goes below 0 is trained with a hinge loss",
    since="0.1.0",
    judge=judge,
)
