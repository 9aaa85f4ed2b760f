"""Repairs that make another kind of pairing of an output, and leave logits logits."""

from __future__ import annotations

from mllint.facts import Output, TrainingSetup
from mllint.repairs import Applicability, Repair
from mllint.rules.pairing_terms import Form, Kind
from mllint.rules.pairings import Pairing
from mllint.rules.pairs import value
from mllint.rules.ways_out import offered


def pairing_repairs(setup: TrainingSetup, output: Output, kind: Kind, level: Applicability) -> tuple[Repair, ...]:
    """The repair, if there is one, after which the output is of this kind."""
    return offered(setup, output, Pairing(kind, form_of(output)), level)


def form_of(output: Output) -> Form:
    """What the loss takes the output for."""
    return "logits" if value(output.loss.from_logits) is True else "probabilities"
