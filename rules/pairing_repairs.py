"""Repairs that make a whole pairing of an output: head, loss, metrics and decodings at once."""

from __future__ import annotations

from mllint.facts import Output, TrainingSetup
from mllint.repairs import Applicability, Repair
from mllint.rules.pairings import CannotPair, Form, Kind, Pairing, as_pairing, in_words
from mllint.rules.pairs import value


def pairing_repairs(setup: TrainingSetup, output: Output, kind: Kind, level: Applicability) -> tuple[Repair, ...]:
    """The repair, if there is one, after which the output is of this kind; logits stay logits."""
    pairing = Pairing(kind, form_of(output))
    try:
        changes = as_pairing(setup, output, pairing)
        return (Repair(in_words(output, pairing), level, changes),) if changes else ()
    except CannotPair:
        return ()


def form_of(output: Output) -> Form:
    """What the loss takes the output for."""
    return "logits" if value(output.loss.from_logits) is True else "probabilities"
