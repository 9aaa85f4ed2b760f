"""Dropout after the last learned layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mllint.facts import Output, Stage, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import RemoveStage, Repair
from mllint.rules import Rule
from mllint.rules.marks import stage_first
from mllint.rules.views.pairs import SQUASHING, pairs, value
from mllint.rules.views.stages import activation_name, after_last_activation, last_activation

ZEROS_ARE_WRONG: Final = (
    "probabilities are set to 0 or scaled above 1 while training, and each 0 on the right class costs the largest "
    "possible loss"
)
ZEROS_ARE_MISSES: Final = (
    "values are set to 0 or scaled up while training, and the loss counts each as a mistake that no weight can mend"
)


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    crossentropies = {id(pair.output): pair for pair in pairs(setup) if pair.is_crossentropy}
    on_logits = {one for one, pair in crossentropies.items() if pair.from_logits}
    for output in setup.outputs:
        dropout = _dropout(output)
        if dropout is None or not (_is_squashed(output) or id(output) in on_logits):
            continue
        if _is_squashed(output) and dropout in after_last_activation(output.head):
            harm = ZEROS_ARE_WRONG if id(output) in crossentropies else ZEROS_ARE_MISSES
            yield _after_the_activation(setup, output, dropout, harm)
        else:
            yield _before_the_activation(setup, output, dropout)


def _after_the_activation(setup: TrainingSetup, output: Output, dropout: Stage, harm: str) -> Problem:
    return Problem(
        severity=Severity.WARNING,
        message=f"dropout on the head's output: {harm}",
        marks=stage_first(
            setup, output, dropout.place, "acts on the output", "takes what is left for what the model thinks"
        ),
        help=("move the dropout before the last Dense layer",),
        repairs=_repairs(output, dropout),
    )


def _before_the_activation(setup: TrainingSetup, output: Output, dropout: Stage) -> Problem:
    return Problem(
        severity=Severity.INFO,
        message="dropout on the logits: the score of the right class is dropped as often as any other",
        marks=stage_first(
            setup, output, dropout.place, "acts on the scores of the classes", "is trained on what is left"
        ),
        help=("move the dropout before the last Dense layer",),
        repairs=_repairs(output, dropout),
    )


def _repairs(output: Output, dropout: Stage) -> tuple[Repair, ...]:
    """Whether the network has dropout enough without this one only the author can say."""
    return (Repair("leave this dropout out", "suggestion", (RemoveStage(output.head, dropout),)),)


def _dropout(output: Output) -> Stage | None:
    """The last dropout behind the scores."""
    stages = output.head.stages
    scores = next((position for position, stage in enumerate(stages) if stage.role == "scores"), None)
    if scores is None:
        return None
    return next((stage for stage in reversed(stages[scores:]) if stage.role == "dropout"), None)


def _is_squashed(output: Output) -> bool:
    last = last_activation(output.head)
    name = activation_name(last) if last else value(output.head.activation)
    return name in SQUASHING


RULE = Rule(
    code="MLL205",
    summary="dropout acts on the logits or on the probabilities of the head",
    since="0.1.0",
    judge=judge,
)
