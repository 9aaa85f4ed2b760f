"""A loss that no right setup can have."""

from __future__ import annotations

import math
from collections.abc import Iterator

from mllint.facts import Output, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.measured import Measured
from mllint.rules import Rule
from mllint.rules.causes import unexplained
from mllint.rules.described import figure, pair_of, right_pairing
from mllint.rules.knowledge import losses
from mllint.rules.marks import loss_first
from mllint.rules.views.pairs import CROSSENTROPIES, value

ROUNDING = 1e-5
"""How far below 0 a cross-entropy may come by rounding."""


def find(setup: TrainingSetup, output: Output, measured: Measured) -> Iterator[Problem]:
    consequence = _consequence(output, measured)
    if consequence is not None:
        yield Problem(
            severity=Severity.ERROR,
            message=f"{pair_of(output)}: {consequence}",
            marks=loss_first(setup, output, "has this loss for the batch", "its output"),
            help=(f"for these labels: {right_pairing(output)}",),
        )


def _consequence(output: Output, measured: Measured) -> str | None:
    if measured.losses is None:
        return None
    loss = measured.losses.training
    if not math.isfinite(loss):
        return f"the loss of the batch is {figure(loss)}, and the weights are after one step"
    if loss < -ROUNDING and _is_crossentropy(output):
        return (
            f"the loss of the batch is {figure(loss)}, below 0, so labels lie outside 0 to 1 and it falls without end"
        )
    return None


def _is_crossentropy(output: Output) -> bool:
    row = losses().get(value(output.loss.name) or "")
    return row is not None and row.family in CROSSENTROPIES


RULE = Rule(
    code="MLL702",
    summary="the loss of the batch is NaN, infinite, or a cross-entropy below 0",
    since="0.1.0",
    judge=unexplained(find, "MLL702"),
)
