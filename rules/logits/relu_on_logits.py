"""Logits whose negative half was cut off."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Output, Place, Stage, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import RemoveStage, Repair
from mllint.rules import Rule
from mllint.rules.marks import head_first, stage_first
from mllint.rules.repairing.pairings import Pairing, kind_of_output
from mllint.rules.repairing.ways_out import offered
from mllint.rules.views.pairs import SQUASHING, Pair, judged_pairs
from mllint.rules.views.stages import activation_name, chained_activations

RELUS = frozenset({"relu", "relu6", "thresholded_relu"})
CUT = "scores below 0 are cut to 0 and get no gradient, so no unit can be clearly ruled out"


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    yield from _before_the_activation(setup)
    yield from _before_the_loss(setup)


def _before_the_activation(setup: TrainingSetup) -> Iterator[Problem]:
    for output in setup.outputs:
        chained = chained_activations(output.head, RELUS, SQUASHING)
        if chained:
            relu, squashing = chained
            yield Problem(
                severity=Severity.WARNING,
                message=f"{activation_name(relu)} before {activation_name(squashing)}: {CUT}",
                marks=stage_first(setup, output, relu.place, "cuts the scores", "is trained on what is left"),
                help=_ways_out(relu.place, squashing.place),
                repairs=(
                    Repair(f"leave the {activation_name(relu)} out", "unsafe", (RemoveStage(output.head, relu),)),
                ),
            )


def _before_the_loss(setup: TrainingSetup) -> Iterator[Problem]:
    for pair in judged_pairs(setup):
        if pair.range == "rectified" and pair.is_crossentropy and pair.from_logits:
            yield Problem(
                severity=Severity.WARNING,
                message=f"{pair.text}: {CUT}",
                marks=head_first(setup, pair.output, "cuts the scores", "takes them for logits"),
                help=("no activation on the head",),
                repairs=_raw_scores(setup, pair),
            )


def _without(output: Output, relu: Stage) -> Repair:
    return Repair(f"leave the {activation_name(relu)} out", "unsafe", (RemoveStage(output.head, relu),))


def _raw_scores(setup: TrainingSetup, pair: Pair) -> tuple[Repair, ...]:
    kind = kind_of_output(pair.output)
    return offered(setup, pair.output, Pairing(kind, "logits"), "unsafe") if kind is not None else ()


def _ways_out(relu: Place, squashing: Place) -> tuple[str, ...]:
    if relu == squashing:
        return ("drop the relu",)
    return ("drop the relu", "if a hidden layer was meant: a Dense layer between the two")


RULE = Rule(
    code="MLL204",
    summary="a relu stands between the scores and the softmax, the sigmoid or a loss on logits",
    since="0.1.0",
    judge=judge,
)
