"""Exclusive classes under a loss that decides each unit by itself."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule
from mllint.rules.marks import loss_first
from mllint.rules.repairing.ways_out import by_labels
from mllint.rules.views.pairs import Pair, judged_pairs


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for pair in judged_pairs(setup):
        if pair.range == "distribution" and pair.family == "binary" and not pair.is_logits_op:
            yield Problem(
                severity=_severity(pair),
                message=f"{pair.text}: {_consequence(pair)}",
                marks=loss_first(setup, pair.output, "decides each unit by itself", "makes the units share one 1"),
                help=_ways_out(pair),
                repairs=by_labels(setup, pair.output),
            )


def _severity(pair: Pair) -> Severity:
    if pair.encoding == "multi-hot":
        return Severity.ERROR
    if pair.units is None or pair.units == 2:
        return Severity.INFO
    return Severity.WARNING


def _consequence(pair: Pair) -> str:
    if pair.encoding == "multi-hot":
        return "the probabilities of a sample sum to 1, so several labels cannot all be likely"
    return "the loss trains independent yes/no answers, predict() returns shares that sum to 1"


def _ways_out(pair: Pair) -> tuple[str, ...]:
    one = "if exactly one class applies per sample: loss='categorical_crossentropy'"
    several = "if several may apply: activation='sigmoid'"
    if pair.encoding == "multi-hot":
        return ("activation='sigmoid'",)
    if pair.encoding in ("one-hot", "distribution"):
        return ("loss='categorical_crossentropy'",)
    if pair.encoding == "integer":
        return ("loss='sparse_categorical_crossentropy'",)
    return (one, several)


RULE = Rule(
    code="MLL103",
    summary="a softmax head of several units is trained with a binary cross-entropy",
    since="0.1.0",
    judge=judge,
)
