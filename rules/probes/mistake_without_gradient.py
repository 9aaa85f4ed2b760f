"""A confident mistake that a 16-bit head does not learn from."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Output, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.measured import Measured
from mllint.rules import Rule
from mllint.rules.causes import unexplained
from mllint.rules.described import figure, pair_of
from mllint.rules.marks import head_first

NO_GRADIENT = 1e-4
"""Against a right gradient of 1."""


def find(setup: TrainingSetup, output: Output, measured: Measured) -> Iterator[Problem]:
    mistake = measured.mistake
    if mistake is not None and not NO_GRADIENT < mistake.gradient < float("inf"):
        by = f"a wrong answer {figure(mistake.margin)} ahead"
        yield Problem(
            severity=Severity.WARNING,
            message=f"{pair_of(output)} in {mistake.dtype}: {by} has gradient {figure(mistake.gradient)}, right is 1",
            marks=head_first(setup, output, f"computes in {mistake.dtype}", f"is {figure(mistake.loss)} there"),
            help=("dtype='float32' on the last layer",),
        )


RULE = Rule(
    code="MLL710",
    summary="a 16-bit head gets no gradient, or none that is finite, for a confident mistake",
    since="0.1.0",
    judge=unexplained(find, "MLL710"),
)
