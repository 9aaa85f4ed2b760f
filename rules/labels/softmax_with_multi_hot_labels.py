"""Labels that several classes share, under classes that compete."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule
from mllint.rules.marks import head_first
from mllint.rules.repairing.ways_out import pairing_repairs
from mllint.rules.views.pairs import Pair, judged_pairs

RIGHT_PAIRING = "activation='sigmoid' with loss='binary_crossentropy'"


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for pair in judged_pairs(setup):
        if pair.encoding == "multi-hot" and (_sums_to_one(pair) or _is_compared(pair)):
            yield Problem(
                severity=Severity.ERROR,
                message=f"{pair.text} on multi-hot labels: {_consequence(pair)}",
                marks=head_first(setup, pair.output, _head(pair), _loss(pair)),
                help=(RIGHT_PAIRING, "if exactly one class applies per sample: one-hot labels, one 1 per row"),
                repairs=pairing_repairs(setup, pair.output, "multi-label", "unsafe"),
            )


def _sums_to_one(pair: Pair) -> bool:
    """A softmax under any loss but a binary cross-entropy, for which softmax-with-binary-crossentropy speaks."""
    return pair.range == "distribution" and pair.family not in {"binary", "sparse"} and not pair.is_logits_op


def _is_compared(pair: Pair) -> bool:
    """Scores that the loss itself turns into a softmax, or compares with each other."""
    if pair.family == "categorical":
        return pair.from_logits is True and pair.range in {"unbounded", "positive", "log"}
    return pair.loss == "categorical_hinge" and pair.range == "unbounded" and pair.units != 1


def _consequence(pair: Pair) -> str:
    if _sums_to_one(pair):
        return "the probabilities of a sample sum to 1, so several labels cannot all be likely"
    return "the loss makes the classes compete, so several labels cannot all be likely"


def _head(pair: Pair) -> str:
    return "makes the classes share one 1" if _sums_to_one(pair) else "scores of classes that compete in the loss"


def _loss(pair: Pair) -> str:
    return "expects one class per sample" if pair.family == "categorical" else "compares the shares with the labels"


RULE = Rule(
    code="MLL401",
    summary="a softmax head is trained on labels of which several may apply to one sample",
    since="0.1.0",
    judge=judge,
)
