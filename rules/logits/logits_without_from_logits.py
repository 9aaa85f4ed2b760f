"""Raw scores taken for probabilities."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule
from mllint.rules.evidence import loss_first
from mllint.rules.pairs import Pair, judged_pairs


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for pair in judged_pairs(setup):
        if pair.is_crossentropy and pair.from_logits is False and _is_no_probability(pair):
            yield Problem(
                severity=Severity.WARNING if pair.family == "binary" else Severity.ERROR,
                message=f"{pair.text}: the raw scores are clipped to 0 and 1 and taken for probabilities",
                marks=loss_first(
                    setup, pair.output, "wants probabilities unless from_logits=True", "returns raw scores"
                ),
                help=("from_logits=True in the loss", f"activation='{_right_activation(pair)}' on the head"),
            )


def _is_no_probability(pair: Pair) -> bool:
    # A categorical cross-entropy divides each row by its sum, which makes a distribution of positive scores.
    return pair.range == "unbounded" or (pair.range == "positive" and pair.family == "binary")


def _right_activation(pair: Pair) -> str:
    return "sigmoid" if pair.family == "binary" else "softmax"


RULE = Rule(
    code="MLL201",
    summary="a head without softmax or sigmoid is trained with a cross-entropy that wants probabilities",
    since="0.1.0",
    judge=judge,
)
