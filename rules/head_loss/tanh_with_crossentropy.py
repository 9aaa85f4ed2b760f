"""A head between -1 and 1 under a cross-entropy."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule
from mllint.rules.marks import head_first
from mllint.rules.repairing.ways_out import as_trained
from mllint.rules.views.pairs import Pair, judged_pairs


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for pair in judged_pairs(setup):
        if pair.range == "signed" and pair.is_crossentropy and pair.from_logits is not None:
            yield Problem(
                severity=_severity(pair),
                message=f"{pair.text}: {_consequence(pair)}",
                marks=head_first(setup, pair.output, "returns -1 to 1", _wanted(pair)),
                help=(_right_activation(pair), "no activation, and from_logits=True in the loss"),
                repairs=as_trained(setup, pair.output),
            )


def _severity(pair: Pair) -> Severity:
    return Severity.WARNING if pair.from_logits or pair.family == "binary" else Severity.ERROR


def _consequence(pair: Pair) -> str:
    if pair.from_logits:
        return "logits that never leave -1 to 1 cannot express a confident answer"
    return "negative outputs are no probabilities; they are clipped and have no gradient to learn from"


def _wanted(pair: Pair) -> str:
    return "wants unbounded logits" if pair.from_logits else "wants probabilities"


def _right_activation(pair: Pair) -> str:
    activation = "sigmoid" if pair.family == "binary" else "softmax"
    return f"activation='{activation}'" + (" without from_logits=True" if pair.from_logits else "")


RULE = Rule(
    code="MLL107",
    summary="a tanh head is trained with a cross-entropy",
    since="0.1.0",
    judge=judge,
)
