"""An output that does not depend on the input."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Output, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.measured import Measured
from mllint.rules import Rule
from mllint.rules.causes import unexplained
from mllint.rules.described import figure, head_of, right_pairing
from mllint.rules.marks import head_first


def find(setup: TrainingSetup, output: Output, measured: Measured) -> Iterator[Problem]:
    severity = _severity(measured)
    if severity is not None:
        yield Problem(
            severity=severity,
            message=f"{head_of(output)}: the output is {_constant(measured)} for every input, nothing is learned",
            marks=head_first(setup, output, "always returns the same", "sees a constant"),
            help=(f"for these labels: {right_pairing(output)}",),
        )


def _severity(measured: Measured) -> Severity | None:
    """Weights that start at 0 make a constant too, for one step: what counts is whether other scores would."""
    seen = (measured.batch, measured.random)
    if not all(values is not None and values.spread == 0 and values.finite == 1 for values in seen):
        return None
    if measured.bounds is None:
        return Severity.WARNING
    return Severity.ERROR if measured.bounds.low == measured.bounds.high else None


def _constant(measured: Measured) -> str:
    values = measured.random
    if values is None or values.low != values.high:
        return "the same"
    return figure(values.low)


RULE = Rule(
    code="MLL703",
    summary="the output is the same for the batch and for random input",
    since="0.1.0",
    judge=unexplained(find, "MLL703"),
)
