"""Probabilities that were changed before the loss sees them."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Known, Output, Stage, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule, knowledge
from mllint.rules.knowledge.rows import LossFamily
from mllint.rules.marks import stage_first
from mllint.rules.repairing.leaving_out import leaving_out
from mllint.rules.views.pairs import CROSSENTROPIES, SQUASHING, value
from mllint.rules.views.stages import activation_name, after_last_activation, last_activation


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for output in setup.outputs:
        last = last_activation(output.head)
        family = _family_on_probabilities(output)
        if last is None or family is None or activation_name(last) not in SQUASHING:
            continue
        for stage in after_last_activation(output.head):
            what = _change(stage, family)
            if what:
                yield Problem(
                    severity=Severity.WARNING if family == "binary" and not _is_negative(stage) else Severity.ERROR,
                    message=(
                        f"{activation_name(last)} output {what} before {value(output.loss.name)}: "
                        "the loss takes it for probabilities, and clips what is not between 0 and 1"
                    ),
                    marks=stage_first(setup, output, stage.place, f"{what} here", "wants probabilities"),
                    help=("do it before the activation", "keep it out of the trained model"),
                    repairs=leaving_out(setup, output, stage, f"leave {_short(stage)} out", "suggestion"),
                )
                break


def _family_on_probabilities(output: Output) -> LossFamily | None:
    """The family of a loss that wants probabilities of this output, None for any other."""
    row = knowledge.losses().get(value(output.loss.name) or "")
    if row is None or value(output.loss.from_logits):
        return None
    return row.family if row.family in CROSSENTROPIES or row.family == "divergence" else None


def _change(stage: Stage, family: LossFamily) -> str | None:
    """What the stage does to probabilities, completing "the output is …"; None where it does no harm."""
    if stage.role == "normalisation":
        return f"normalised by {_short(stage)}"
    if stage.role != "arithmetic" or not isinstance(stage.factor, Known):
        return None
    # A categorical loss divides each row by its sum, and a positive factor with it.
    if _is_negative(stage) or (family == "binary" and stage.factor.value > 1):
        return f"multiplied by {stage.factor.value:g}"
    return None


def _is_negative(stage: Stage) -> bool:
    return isinstance(stage.factor, Known) and stage.factor.value < 0


def _short(stage: Stage) -> str:
    return "the factor" if stage.role == "arithmetic" else stage.symbol.rpartition(".")[2]


RULE = Rule(
    code="MLL302",
    summary="the probabilities of the head are scaled or normalised before a loss that wants probabilities",
    since="0.1.0",
    judge=judge,
)
