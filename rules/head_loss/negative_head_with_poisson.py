"""The logarithm of a rate that may be negative."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Applicability, Repair, SetActivation
from mllint.rules import Rule
from mllint.rules.marks import head_first
from mllint.rules.views.pairs import Pair, judged_pairs, value
from mllint.rules.views.readings import ACCURACY

NEGATIVE = frozenset({"unbounded", "signed", "log"})
RATES: tuple[tuple[str, Applicability], ...] = (("softplus", "unsafe"), ("exponential", "suggestion"))
"""Softplus cannot overflow; the exponential reads the scores as logarithms of the rate."""


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for pair in judged_pairs(setup):
        if pair.family == "count" and pair.range in NEGATIVE:
            yield Problem(
                severity=Severity.ERROR,
                message=f"{pair.text}: the first negative output turns the loss NaN, and every weight with it",
                marks=head_first(setup, pair.output, "can be negative", "takes the logarithm of the output"),
                help=("activation='softplus'", "activation='exponential'"),
                repairs=_repairs(pair),
            )


def _repairs(pair: Pair) -> tuple[Repair, ...]:
    """Not for a bounded head that an accuracy is asked of: it hardly predicts counts."""
    asks_for_hits = any(value(metric.name) == ACCURACY for metric in pair.output.metrics)
    if asks_for_hits and pair.range != "unbounded":
        return ()
    return tuple(
        Repair(f"return rates with {activation}", level, (SetActivation(pair.output.head, activation),))
        for activation, level in RATES
    )


RULE = Rule(
    code="MLL110",
    summary="a head that can be negative is trained with the Poisson loss",
    since="0.1.0",
    judge=judge,
)
