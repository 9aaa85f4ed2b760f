"""What a goal means for one output: the pairing that it is to become, and what must change for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mllint.conversion.request import Goal
from mllint.facts import Known, Output, TrainingSetup
from mllint.repairs import Change, SetLabels
from mllint.rules import knowledge
from mllint.rules.repairing.pairings import Pairing, as_pairing, in_words
from mllint.rules.repairing.terms import CannotPair, Form, Kind
from mllint.rules.repairing.ways_out import form_of
from mllint.rules.views.pairs import CROSSENTROPIES, value


def changes_for(setup: TrainingSetup, output: Output, goal: Goal) -> Sequence[Change]:
    """Empty where the output is what is asked for. Raises CannotPair."""
    changes = as_pairing(setup, _as_meant(output, goal), _pairing(output, goal))
    if changes and goal == "multi-label" and any(fit.class_weight is not None for fit in setup.fits):
        raise CannotPair("fit is given a class_weight, which weighs a sample by its one class")
    if not _is_to_be_one_hot(output, goal):
        return changes
    return SetLabels(output.labels, "one-hot", value(output.head.units)), *changes


def title_of(output: Output, goal: Goal, changes: Sequence[Change]) -> str:
    """The conversion as an order. Raises CannotPair."""
    if all(isinstance(change, SetLabels) for change in changes):
        return "write the labels with one class per sample"
    return in_words(_as_meant(output, goal), _pairing(output, goal))


def _pairing(output: Output, goal: Goal) -> Pairing:
    if goal == "logits" or goal == "probabilities":
        form: Form = goal
        return Pairing(_kind_by_loss(output), form)
    kind: Kind = goal
    return Pairing(kind, form_of(output))


def _kind_by_loss(output: Output) -> Kind:
    """What the loss takes the units for, today and when the activation moves. Raises CannotPair."""
    name = value(output.loss.name)
    row = knowledge.losses().get(name) if name is not None else None
    if row is None or row.family not in CROSSENTROPIES:
        raise CannotPair(f"{name or 'the loss'} is no cross-entropy, which alone can take logits")
    if row.family != "binary":
        return "multi-class"
    units = value(output.head.units)
    if units is None:
        raise CannotPair("the number of units is not known")
    return "binary" if units == 1 else "multi-label"


def _is_to_be_one_hot(output: Output, goal: Goal) -> bool:
    """A rule does not take labels away; who asks for exclusive classes does."""
    return goal == "multi-class" and value(output.labels.encoding) == "multi-hot"


def _as_meant(output: Output, goal: Goal) -> Output:
    """The output with the labels that the goal needs, where no pairing would make them so."""
    if not _is_to_be_one_hot(output, goal):
        return output
    return replace(output, labels=replace(output.labels, encoding=Known("one-hot")))
