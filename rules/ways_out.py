"""From a verdict on head and loss to its repairs: the labels decide, and where they are silent the author does."""

from __future__ import annotations

from mllint.facts import Output, TrainingSetup
from mllint.repairs import Applicability, Repair
from mllint.rules.pairing_terms import CannotPair, Form, Kind
from mllint.rules.pairings import Pairing, as_pairing, in_words, kind_of_labels

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
        return (Repair(title or in_words(output, pairing), level, changes),) if changes else ()
    except CannotPair:
        return ()
