"""The ranges of activations, as far as a loss can tell them apart."""

from __future__ import annotations

from typing import Literal, TypeAlias

from mllint.rules import knowledge

Range: TypeAlias = Literal["distribution", "unit", "signed", "log", "rectified", "positive", "unbounded"]
"""Rows that sum to one; each value in [0, 1]; bounded on both sides of zero; at most 0; at least 0, and exactly 0 for
half the inputs; above 0 everywhere; anything else."""

NOT_ELEMENTWISE = frozenset({"sparsemax", "crelu", "glu"})
"""Activations that mix units or change their number, and that nobody measured."""
NEVER_ZERO = frozenset({"softplus", "squareplus", "exponential"})


def range_of(activation: str) -> Range | None:
    """The range of an activation by its canonical name, None for one that cannot be told."""
    row = knowledge.activations().get(activation)
    if row is None or activation in NOT_ELEMENTWISE:
        return None
    if row.distribution:
        return "distribution"
    if row.low is None:
        return "log" if row.high == 0 else "unbounded"
    if row.low < 0:
        return "unbounded" if row.high is None else "signed"
    if row.high == 1:
        return "unit"
    return "positive" if activation in NEVER_ZERO else "rectified"
