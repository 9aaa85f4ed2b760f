"""Independent sigmoids under a loss that knows one class per sample."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair
from mllint.rules import Rule
from mllint.rules.marks import head_first
from mllint.rules.repairing.pairings import Pairing, kind_of_output
from mllint.rules.repairing.ways_out import offered
from mllint.rules.views.logit_recovery import why_lost
from mllint.rules.views.pairs import Pair, judged_pairs


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for pair in judged_pairs(setup):
        if pair.range == "unit" and pair.family == "sparse" and not pair.is_logits_op:
            yield Problem(
                severity=Severity.WARNING,
                message=f"{pair.text}: {_consequence(setup, pair)}",
                marks=head_first(
                    setup, pair.output, "decides each unit by itself", "knows exactly one class per sample"
                ),
                help=(
                    "activation='softmax'",
                    "for two classes: Dense(1, activation='sigmoid') with loss='binary_crossentropy'",
                ),
                repairs=_repairs(setup, pair),
            )


def _consequence(setup: TrainingSetup, pair: Pair) -> str:
    if why_lost(setup, pair) is None:
        return "Keras trains a softmax on the raw scores, predict() returns sigmoids that do not sum to 1"
    if pair.from_logits:
        return "a softmax is trained on top of the sigmoids, predict() returns the sigmoids alone"
    return "the loss takes each sigmoid as one share of a distribution, and they do not sum to 1"


def _repairs(setup: TrainingSetup, pair: Pair) -> tuple[Repair, ...]:
    """Labels out of sight are class numbers: the loss takes no others."""
    kind = kind_of_output(pair.output)
    return offered(setup, pair.output, Pairing(kind, "probabilities"), "unsafe") if kind is not None else ()


RULE = Rule(
    code="MLL102",
    summary="a sigmoid head of several units is trained with a sparse categorical cross-entropy",
    since="0.1.0",
    judge=judge,
)
