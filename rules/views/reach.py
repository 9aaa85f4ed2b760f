"""Which targets a head can answer with, by the bounds of its activation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mllint.facts import TrainingSetup
from mllint.rules import knowledge
from mllint.rules.views.pairs import Pair, judged_pairs
from mllint.rules.views.ranges import NOT_ELEMENTWISE
from mllint.rules.views.targets import RECONSTRUCTION, Target, reconstructions, targets

TOLERANCE = 1e-6
"""Numbers that were scaled to an interval miss its ends by rounding."""


@dataclass(frozen=True, slots=True)
class Missed:
    """Numbers to predict of which some lie outside the values the head can take."""

    target: Target
    pair: Pair
    low: float | None
    """The activation's bounds, None where there is none."""
    high: float | None
    outside: str
    """Which of the targets: "above 1"."""

    @property
    def needs_positive(self) -> bool:
        """Whether the loss takes a logarithm of what the head returns."""
        row = knowledge.losses().get(self.target.loss)
        return row is not None and row.needs == "positive"


def missed(setup: TrainingSetup) -> Iterator[Missed]:
    """The outputs trained on numbers that their head cannot reach, as far as the program tells the numbers."""
    pairs = {id(pair.output): pair for pair in judged_pairs(setup)}
    for target in (*targets(setup), *reconstructions(setup)):
        pair = pairs.get(id(target.output))
        if pair is None or not _predicts_numbers(target) or pair.activation in NOT_ELEMENTWISE:
            continue
        row = knowledge.activations().get(pair.activation)
        outside = _outside(target, row.low, row.high) if row is not None else None
        if row is not None and outside is not None:
            yield Missed(target, pair, row.low, row.high, outside)


def _predicts_numbers(target: Target) -> bool:
    if target.family not in {"regression", "count"}:
        return False
    if target.encoding in RECONSTRUCTION:
        return True
    return target.encoding == "continuous" or (target.encoding == "integer" and target.units == 1)


def _outside(target: Target, low: float | None, high: float | None) -> str | None:
    if high is not None and target.high is not None and target.high > high + TOLERANCE:
        return f"above {high:g}"
    if low is not None and target.low is not None and target.low < low - TOLERANCE:
        return f"below {low:g}"
    return None
