"""From a verdict on head and loss to its repairs: the labels decide, and where they are silent the author does."""

from __future__ import annotations

from dataclasses import replace

from mllint.facts import Output, TrainingSetup
from mllint.repairs import Applicability, Change, Repair, SetActivation, SetLoss
from mllint.rules.repairing.following import After, decodings_after, metrics_after
from mllint.rules.repairing.pairings import Pairing, as_pairing, in_words, kind_of_labels, kind_of_output
from mllint.rules.repairing.terms import CannotPair, Form, Kind
from mllint.rules.views.pairs import value

EITHER: tuple[Kind, ...] = ("multi-class", "multi-label")


def by_labels(
    setup: TrainingSetup, output: Output, form: Form = "probabilities", either: tuple[Kind, ...] = EITHER
) -> tuple[Repair, ...]:
    """The pairing that the labels call for; where they are not known, each of these as a suggestion."""
    kind = kind_of_labels(output)
    if kind is not None:
        return offered(setup, output, Pairing(kind, form), "unsafe")
    return tuple(repair for kind in either for repair in offered(setup, output, Pairing(kind, form), "suggestion"))


def offered(
    setup: TrainingSetup, output: Output, pairing: Pairing, level: Applicability, title: str | None = None
) -> tuple[Repair, ...]:
    """The pairing as a repair; nothing where it cannot be, or is there already."""
    try:
        changes = as_pairing(setup, output, pairing)
        words = in_words(output, pairing)
    except CannotPair:
        return ()
    if not changes:
        return ()
    if title is None and only_tells_the_loss(output, changes):
        title = (
            "set from_logits=True in the loss" if pairing.form == "logits" else "take from_logits=True out of the loss"
        )
    return (Repair(title or words, level, changes),)


def as_trained(setup: TrainingSetup, output: Output) -> tuple[Repair, ...]:
    """What labels and loss agree on, with probabilities; the same on logits is for the author to choose."""
    kind = kind_of_output(output)
    if kind is None:
        return by_labels(setup, output)
    return (
        *offered(setup, output, Pairing(kind, "probabilities"), "unsafe"),
        *offered(setup, output, Pairing(kind, "logits"), "suggestion"),
    )


def only_tells_the_loss(output: Output, changes: tuple[Change, ...]) -> bool:
    """Whether the changes leave the head, the figures and the loss itself alone, but for from_logits."""
    return all(isinstance(change, SetLoss) and change.name == value(output.loss.name) for change in changes)


def as_safe(output: Output, repairs: tuple[Repair, ...]) -> tuple[Repair, ...]:
    """The repairs, safe where they do no more than tell the loss what it reads."""
    return tuple(
        replace(repair, applicability="safe") if only_tells_the_loss(output, repair.changes) else repair
        for repair in repairs
    )


def raw_scores(setup: TrainingSetup, output: Output, level: Applicability) -> tuple[Repair, ...]:
    """The head without its activation under the loss of today; nothing where the labels do not tell how it is read."""
    kind = kind_of_labels(output)
    if kind is None or (kind == "multi-label" and value(output.loss.name) == "categorical_hinge"):
        return ()
    after = After(kind, "logits", "rows", value(output.head.units), value(output.loss.name))
    try:
        following = (*metrics_after(setup, output, after), *decodings_after(output, after))
    except CannotPair:
        return ()
    changes = (SetActivation(output.head, "linear"), *following)
    return (Repair(f"train raw scores with {after.loss}", level, changes),)


def pairing_repairs(setup: TrainingSetup, output: Output, kind: Kind, level: Applicability) -> tuple[Repair, ...]:
    """The repair, if there is one, after which the output is of this kind."""
    return offered(setup, output, Pairing(kind, form_of(output)), level)


def form_of(output: Output) -> Form:
    """What the loss takes the output for."""
    return "logits" if value(output.loss.from_logits) is True else "probabilities"
