"""A rectified head taken for probabilities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair
from mllint.rules import Rule
from mllint.rules.marks import head_first
from mllint.rules.repairing.ways_out import as_trained
from mllint.rules.views.pairs import Pair, judged_pairs, value


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for pair in judged_pairs(setup):
        if pair.range == "rectified" and pair.is_crossentropy and pair.from_logits is False:
            yield Problem(
                severity=Severity.WARNING if pair.family == "binary" else Severity.ERROR,
                message=f"{pair.text}: {_consequence(pair)}",
                marks=head_first(
                    setup, pair.output, "returns 0 for half its inputs, and more than 1", "wants probabilities"
                ),
                help=(_right_activation(pair), "no activation, and from_logits=True in the loss"),
                repairs=_repairs(setup, pair),
            )


def _consequence(pair: Pair) -> str:
    if pair.family == "categorical":
        return "a row of zeros is divided by its sum, and the loss turns NaN"
    return "outputs of 0 or above 1 are clipped, and a clipped unit has no gradient to learn from"


def _right_activation(pair: Pair) -> str:
    return "activation='sigmoid'" if pair.family == "binary" else "activation='softmax'"


def _repairs(setup: TrainingSetup, pair: Pair) -> tuple[Repair, ...]:
    """A relu over another number of units than there are classes may well be a hidden layer, with the head missing."""
    repairs = as_trained(setup, pair.output)
    classes, units = value(pair.output.labels.classes), value(pair.output.head.units)
    if pair.family == "binary" or classes is None or classes == units:
        return repairs
    return tuple(replace(repair, applicability="suggestion") for repair in repairs)


RULE = Rule(
    code="MLL106",
    summary="a relu head is trained with a cross-entropy that wants probabilities",
    since="0.1.0",
    judge=judge,
)
