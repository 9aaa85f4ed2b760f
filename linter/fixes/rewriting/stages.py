"""The steps of a head in the program: the calls that make them, and what follows them."""

from __future__ import annotations

import libcst as cst

from mllint.facts import Head, Known, Stage
from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting.program import Program

KEEPS_VALUES = ("shape", "cast", "identity", "dropout")


def activations_of(head: Head) -> tuple[Stage, ...]:
    """The activation steps after the layer that makes the scores, in order of execution."""
    stages = head.stages[_scores_index(head) + 1 :]
    return tuple(stage for stage in stages if stage.role == "activation")


def scores_of(head: Head) -> Stage:
    """The step that makes the scores. Raises Refused where it is out of sight."""
    index = _scores_index(head)
    if index < 0:
        raise Refused("the layer that makes the scores is not seen")
    return head.stages[index]


def _scores_index(head: Head) -> int:
    return max((index for index, stage in enumerate(head.stages) if stage.role == "scores"), default=-1)


def check_reaches_output(head: Head, stage: Stage, distribution: bool) -> None:
    """Raises Refused where what follows the stage keeps the new activation from being that of the head."""
    for later in head.stages[head.stages.index(stage) + 1 :]:
        if later.role == "activation":
            continue
        name = later.symbol.rpartition(".")[2]
        if later.role not in KEEPS_VALUES:
            raise Refused(f"{name} follows the activation")
        if distribution and later.role == "shape":
            raise Refused(f"{name} changes the shape behind the layer")


def call_of(program: Program, stage: Stage) -> cst.Call:
    """The call that makes the layer of a stage. Raises Refused where the stage is no call."""
    node = program.anchor(stage.place)
    if not isinstance(node, cst.Call):
        name = stage.symbol.rpartition(".")[2]
        raise Refused(f"where {name} is made is not seen")
    return node


def written_at(stage: Stage) -> object:
    """The node where the name of the activation was written."""
    fact = stage.activation
    return fact.place.anchor if isinstance(fact, Known) and fact.place is not None else stage.place.anchor
