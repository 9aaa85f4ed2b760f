"""Probabilities that were changed before the loss sees them."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Known, Output, Stage, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule, knowledge
from mllint.rules.evidence import stage_first
from mllint.rules.pairs import CROSSENTROPIES, SQUASHING, value
from mllint.rules.stages import activation_name, after_last_activation, last_activation


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for output in setup.outputs:
        last = last_activation(output.head)
        loss = value(output.loss.name)
        if last is None or activation_name(last) not in SQUASHING or not _wants_probabilities(output):
            continue
        for stage in after_last_activation(output.head):
            what = _leaves_the_unit_interval(stage)
            if what:
                yield Problem(
                    severity=Severity.ERROR,
                    message=(
                        f"{activation_name(last)} output {what} before {loss}: "
                        "the loss takes it for probabilities, and clips what is not between 0 and 1"
                    ),
                    marks=stage_first(setup, output, stage.place, f"{what} here", "wants probabilities"),
                    help=("do it before the activation", "keep it out of the trained model"),
                )
                break


def _leaves_the_unit_interval(stage: Stage) -> str | None:
    """What the stage does to probabilities, completing "the output is …"; None where they stay in [0, 1]."""
    if stage.role == "normalisation":
        return f"normalised by {stage.symbol.rpartition('.')[2]}"
    if stage.role == "arithmetic" and isinstance(stage.factor, Known) and not 0 <= stage.factor.value <= 1:
        return f"multiplied by {stage.factor.value:g}"
    return None


def _wants_probabilities(output: Output) -> bool:
    row = knowledge.losses().get(value(output.loss.name) or "")
    if row is None or value(output.loss.from_logits):
        return False
    return row.family in CROSSENTROPIES or row.family == "divergence"


RULE = Rule(
    code="MLL302",
    summary="the probabilities of the head are scaled or normalised before a loss that wants probabilities",
    since="0.1.0",
    judge=judge,
)
