"""One unit under a loss that compares units with each other."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule
from mllint.rules.marks import loss_first
from mllint.rules.repairing.terms import Form
from mllint.rules.repairing.ways_out import by_labels
from mllint.rules.views.pairs import Pair, pairs


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for pair in pairs(setup):
        if pair.lacks_classes and not pair.is_constant:
            yield Problem(
                severity=Severity.ERROR,
                message=f"{pair.text}: {_consequence(pair)}",
                marks=loss_first(setup, pair.output, "needs one unit per class", "has a single unit"),
                help=(
                    "for two classes: activation='sigmoid' with loss='binary_crossentropy'",
                    "for n classes: Dense(n, activation='softmax')",
                ),
                repairs=by_labels(setup, pair.output, _form(pair), either=("binary",)),
            )


def _consequence(pair: Pair) -> str:
    if pair.family == "sparse":
        return "label 1 has no unit; TensorFlow raises on the CPU and trains to NaN under XLA"
    return "there is no second class to compare with, so the loss stays 0 or turns NaN and nothing is learned"


def _form(pair: Pair) -> Form:
    """Raw scores stay raw scores where the loss was told of them."""
    return "logits" if pair.from_logits and pair.range == "unbounded" else "probabilities"


RULE = Rule(
    code="MLL105",
    summary="a head of one unit is trained with a loss that needs one unit per class",
    since="0.1.0",
    judge=judge,
)
