"""The stages of a head, read as the rules need them."""

from __future__ import annotations

from collections.abc import Collection

from mllint.facts import Fact, Head, Known, Stage

PASSES_VALUES_ON = frozenset({"identity", "shape", "cast", "dropout"})
"""Roles of stages that return the numbers they are given: two activations around them act on the same ones."""


def activation_name(stage: Stage) -> str | None:
    """The stage's activation, None for an unknown one and for other stages."""
    return stage.activation.value if isinstance(stage.activation, Known) else None


def last_activation(head: Head) -> Stage | None:
    """The activation stage that fixes the values, looking through linear ones."""
    return next((stage for stage in reversed(head.stages) if acts(stage)), None)


def after_last_activation(head: Head) -> tuple[Stage, ...]:
    """What happens to the values after the last activation that is not linear, in order; empty without one."""
    for position, stage in reversed(tuple(enumerate(head.stages))):
        if acts(stage):
            return tuple(stage for stage in head.stages[position + 1 :] if stage.role != "activation")
    return ()


def chained_activations(head: Head, first: Collection[str], second: Collection[str]) -> tuple[Stage, Stage] | None:
    """The first two activations of these names of which one acts on what the other returned."""
    before: Stage | None = None
    for stage in head.stages:
        if acts(stage):
            if before and activation_name(before) in first and activation_name(stage) in second:
                return before, stage
            before = stage
        elif stage.role not in PASSES_VALUES_ON and stage.role != "activation":
            before = None
    return None


def runs_over_last_axis(axis: Fact[int] | None) -> bool:
    """Whether a softmax with this axis compares the units; an unknown axis does not count."""
    return axis is None or (isinstance(axis, Known) and axis.value == -1)


def acts(stage: Stage) -> bool:
    """Whether it is an activation that changes values."""
    return stage.role == "activation" and activation_name(stage) != "linear"
