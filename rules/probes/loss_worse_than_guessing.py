"""An untrained model that does worse than guessing."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Output, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.measured import Measured
from mllint.rules import Rule
from mllint.rules.causes import unexplained
from mllint.rules.described import figure, pair_of
from mllint.rules.marks import loss_first

WORSE = 1.4
"""By what factor: small differences come from the random weights."""


def find(setup: TrainingSetup, output: Output, measured: Measured) -> Iterator[Problem]:
    losses = measured.losses
    if losses is None or losses.guessing is None or not losses.untrained:
        return
    if losses.training > WORSE * losses.guessing:
        figures = f"{figure(losses.training)} before the first step, {figure(losses.guessing)} would be guessing"
        yield Problem(
            severity=Severity.INFO,
            message=f"{pair_of(output)}: the loss of the batch is {figures}",
            marks=loss_first(setup, output, "starts far too high", "its output"),
            help=("features scaled to about -1 to 1", "from_logits=True for a head without activation"),
        )


RULE = Rule(
    code="MLL711",
    summary="the loss before training is much larger than that of guessing",
    since="0.1.0",
    judge=unexplained(find, "MLL711"),
)
