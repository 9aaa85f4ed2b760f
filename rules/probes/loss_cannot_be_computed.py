"""A batch that the loss refuses."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Output, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.measured import Measured
from mllint.rules import Rule
from mllint.rules.causes import unexplained
from mllint.rules.described import pair_of, right_pairing
from mllint.rules.marks import loss_first


def find(setup: TrainingSetup, output: Output, measured: Measured) -> Iterator[Problem]:
    if measured.raised is not None:
        yield Problem(
            severity=Severity.ERROR,
            message=f"{pair_of(output)}: the loss of the batch cannot be computed: {measured.raised}",
            marks=loss_first(setup, output, "refuses this batch", "its output"),
            help=(f"for these labels: {right_pairing(output)}",),
        )


RULE = Rule(
    code="MLL701",
    summary="a loss raises for the batch that the model was measured on",
    since="0.1.0",
    judge=unexplained(find, "MLL701"),
)
