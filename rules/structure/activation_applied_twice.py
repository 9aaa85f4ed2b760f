"""A softmax or sigmoid on top of a softmax or sigmoid."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Output, Stage, TrainingSetup
from mllint.findings import Mark, Problem, Severity
from mllint.repairs import RemoveStage, Repair
from mllint.rules import Rule
from mllint.rules.repairing.leaving_out import leaving_out
from mllint.rules.repairing.pairings import Pairing, kind_of_output
from mllint.rules.views.pairs import SQUASHING
from mllint.rules.views.stages import activation_name, chained_activations

CONSEQUENCE = {
    ("softmax", "softmax"): "no class can become likely any more, and the loss stops far above 0",
    ("sigmoid", "sigmoid"): "the output never falls below 0.5, so every thresholded answer is yes",
    ("softmax", "sigmoid"): "the output never falls below 0.5, so every thresholded answer is yes",
    ("sigmoid", "softmax"): "no class can become likely any more, and the loss stops far above 0",
}


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for output in setup.outputs:
        chained = chained_activations(output.head, SQUASHING, SQUASHING)
        if chained:
            first, second = chained
            names = (activation_name(first) or "", activation_name(second) or "")
            yield Problem(
                severity=Severity.ERROR,
                message=f"{names[1]} on top of {names[0]}: {CONSEQUENCE[names]}",
                marks=(
                    Mark("head", second.place, f"applies {names[1]} to the result"),
                    Mark("head", first.place, f"{names[0]} is applied here already"),
                ),
                help=("keep one of the two",),
                repairs=_repairs(setup, output, first, second),
            )


def _repairs(setup: TrainingSetup, output: Output, first: Stage, second: Stage) -> tuple[Repair, ...]:
    """The one that labels and loss call for stays; of two equal ones the first."""
    names = activation_name(first), activation_name(second)
    kind = kind_of_output(output)
    if kind is None:
        same = (Repair(f"apply {names[0]} once", "unsafe", (RemoveStage(output.head, second),)),)
        return same if names[0] == names[1] else ()
    wanted = Pairing(kind, "probabilities").activation
    if wanted not in names:
        return ()
    return leaving_out(setup, output, second if names[0] == wanted else first, f"apply {wanted} alone", "unsafe")


RULE = Rule(
    code="MLL301",
    summary="a softmax or sigmoid is applied to values that went through one already",
    since="0.1.0",
    judge=judge,
)
