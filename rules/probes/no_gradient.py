"""A loss that gives the head nothing to learn from."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Output, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.measured import Measured
from mllint.rules import Rule
from mllint.rules.causes import unexplained
from mllint.rules.described import figure, pair_of, right_pairing
from mllint.rules.marks import loss_first

LEARNED = 1e-3
"""A loss below this may have no gradient because there is nothing left to learn."""


def find(setup: TrainingSetup, output: Output, measured: Measured) -> Iterator[Problem]:
    consequence = _consequence(measured)
    if consequence is not None:
        yield Problem(
            severity=Severity.ERROR,
            message=f"{pair_of(output)}: {consequence}",
            marks=loss_first(setup, output, "gives no gradient", "is not moved by it"),
            help=(f"for these labels: {right_pairing(output)}",),
        )


def _consequence(measured: Measured) -> str | None:
    if measured.gradients is None or measured.losses is None:
        return None
    if not measured.gradients.finite:
        return "the gradient at the scores is NaN or infinite, and one step makes the weights so"
    if measured.gradients.largest == 0 and measured.losses.training > LEARNED:
        return f"the loss is {figure(measured.losses.training)} and its gradient 0 for every sample, nothing is learned"
    return None


RULE = Rule(
    code="MLL704",
    summary="the gradient of the batch is 0 for every sample, or not finite",
    since="0.1.0",
    judge=unexplained(find, "MLL704"),
)
