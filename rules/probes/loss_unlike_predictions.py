"""A training loss that the predictions do not have."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Output, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.measured import Measured
from mllint.rules import Rule
from mllint.rules.causes import unexplained
from mllint.rules.described import figure, pair_of
from mllint.rules.marks import loss_first

SAME = 1e-4
"""Relative difference that rounding leaves."""


def find(setup: TrainingSetup, output: Output, measured: Measured) -> Iterator[Problem]:
    losses = measured.losses
    if losses is None or losses.of_predictions is None:
        return
    training, offline = losses.training, losses.of_predictions
    if abs(training - offline) > SAME * max(1.0, abs(training)):
        figures = f"{figure(training)} in fit, {figure(offline)} as loss(y, model.predict(x))"
        yield Problem(
            severity=Severity.INFO,
            message=f"{pair_of(output)}: the loss of the batch is {figures}, since Keras takes the logits back",
            marks=loss_first(setup, output, "is computed on the scores before the activation", "returns other values"),
            help=("a head without activation and from_logits=True: both figures are the same then",),
        )


RULE = Rule(
    code="MLL712",
    summary="the loss in fit is another one than that of the predictions",
    since="0.1.0",
    judge=unexplained(find, "MLL712"),
)
