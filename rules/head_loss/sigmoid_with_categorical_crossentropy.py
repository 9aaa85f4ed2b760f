"""Independent sigmoids under a loss that compares the units with each other."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule
from mllint.rules.marks import loss_first
from mllint.rules.repairing.ways_out import by_labels
from mllint.rules.views.logit_recovery import why_lost
from mllint.rules.views.pairs import Pair, judged_pairs

ONE_CLASS_PER_SAMPLE = frozenset({"one-hot", "distribution", "integer"})


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for pair in judged_pairs(setup):
        if pair.range == "unit" and pair.family == "categorical" and not pair.is_logits_op:
            yield Problem(
                severity=_severity(setup, pair),
                message=f"{pair.text}: {_consequence(setup, pair)}",
                marks=loss_first(
                    setup, pair.output, "compares the units with each other", "decides each unit by itself"
                ),
                help=_ways_out(pair),
                repairs=by_labels(setup, pair.output),
            )


def _severity(setup: TrainingSetup, pair: Pair) -> Severity:
    if pair.activation != "sigmoid":
        return Severity.ERROR  # nothing to recover, and a row of zeros divided by its sum is NaN
    # Keras 3's focal loss sees the sigmoids themselves, and decides multi-hot labels as well as the right loss does.
    judges_sigmoids = pair.focal and why_lost(setup, pair) is not None
    return Severity.WARNING if pair.encoding in ONE_CLASS_PER_SAMPLE or judges_sigmoids else Severity.ERROR


def _consequence(setup: TrainingSetup, pair: Pair) -> str:
    if why_lost(setup, pair) is None:
        return "Keras trains a softmax on the raw scores, predict() returns independent sigmoids"
    if pair.from_logits:
        return "a softmax is trained on top of the sigmoids, predict() returns the sigmoids alone"
    return "the loss divides each row by its sum, predict() returns sigmoids that do not sum to 1"


def _ways_out(pair: Pair) -> tuple[str, ...]:
    one = "if exactly one class applies per sample: activation='softmax'"
    several = "if several may apply: loss='binary_crossentropy'"
    if pair.encoding in ONE_CLASS_PER_SAMPLE:
        return ("activation='softmax'",)
    if pair.encoding == "multi-hot":
        return ("loss='binary_crossentropy'",)
    return (one, several)


RULE = Rule(
    code="MLL101",
    summary="a sigmoid head of several units is trained with a categorical cross-entropy",
    since="0.1.0",
    judge=judge,
)
