"""Other answers on another device."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Output, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.measured import Measured
from mllint.rules import Rule
from mllint.rules.causes import unexplained
from mllint.rules.described import figure, head_of
from mllint.rules.marks import head_first

MANY = 0.01
"""Share of samples whose answer may hang on rounding."""
ROUNDING = 0.05
"""Largest difference, over the largest output, that kernels in 16 bits or TF32 leave."""


def find(setup: TrainingSetup, output: Output, measured: Measured) -> Iterator[Problem]:
    seen = measured.devices
    if seen is None or (seen.other_answers <= MANY * seen.samples and seen.relative <= ROUNDING):
        return
    where = f"{seen.first} and {seen.second}"
    difference = f"outputs differ by up to {figure(seen.largest_difference)}"
    others = f"{seen.other_answers} of {seen.samples} answers are others"
    yield Problem(
        severity=Severity.WARNING,
        message=f"{head_of(output)} on {where}: {difference}, {others}",
        marks=head_first(setup, output, "returns other values there", "sees other values"),
        help=("dtype='float32' on the last layer", "the same precision on both devices"),
    )


RULE = Rule(
    code="MLL714",
    summary="the same weights and batch give other answers on another device",
    since="0.1.0",
    judge=unexplained(find, "MLL714"),
)
