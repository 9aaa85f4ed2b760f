"""A head without one of its stages, and what must follow for the rest to fit."""

from __future__ import annotations

from dataclasses import replace

from mllint.facts import Head, Known, Output, Stage, TrainingSetup
from mllint.repairs import Applicability, Change, RemoveStage, Repair, SetActivation, SetUnits
from mllint.rules.repairing.pairings import Pairing, as_pairing, kind_of_output
from mllint.rules.repairing.terms import CannotPair
from mllint.rules.views.stages import activation_name, last_activation

CHANGE_THE_RANGE = frozenset({"arithmetic", "pool", "normalisation", "opaque", "scores"})
"""Roles of stages behind which an activation does not say any more what comes out."""


def leaving_out(
    setup: TrainingSetup, output: Output, stage: Stage, title: str, level: Applicability
) -> tuple[Repair, ...]:
    """The head without the stage, and a loss, metrics and decodings that fit what is left.

    Nothing where another activation would be needed: then more is in doubt than the stage.
    """
    left = replace(output, head=without(output.head, stage))
    kind = kind_of_output(left)
    if kind is None:
        return ()
    try:
        following = as_pairing(setup, left, Pairing(kind, "probabilities"))
    except CannotPair:
        return ()
    if any(isinstance(change, SetActivation | SetUnits) for change in following):
        return ()
    changes: tuple[Change, ...] = (RemoveStage(output.head, stage), *following)
    return (Repair(title, level, changes),)


def without(head: Head, stage: Stage) -> Head:
    """The head as it is read once the stage is gone."""
    stages = tuple(one for one in head.stages if one is not stage)
    left = replace(head, stages=stages)
    last = last_activation(left)
    if last is None:
        return replace(left, activation=Known("linear", head.place))
    changed = [one for one in stages[stages.index(last) + 1 :] if one.role in CHANGE_THE_RANGE]
    if changed or activation_name(last) is None:
        return left
    return replace(left, activation=Known(activation_name(last) or "", last.place))
