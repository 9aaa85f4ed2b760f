"""Outputs that the loss clips, or cannot take."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Output, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.measured import Measured
from mllint.rules import Rule
from mllint.rules.causes import unexplained
from mllint.rules.described import figure, pair_of
from mllint.rules.knowledge import losses
from mllint.rules.marks import head_first
from mllint.rules.views.pairs import value

ROUNDING = 1e-3


def find(setup: TrainingSetup, output: Output, measured: Measured) -> Iterator[Problem]:
    verdict = _verdict(output, measured)
    if verdict is not None:
        severity, consequence = verdict
        yield Problem(
            severity=severity,
            message=f"{pair_of(output)}: {consequence}",
            marks=head_first(setup, output, "returns these values", "wants others"),
            help=("activation='sigmoid' or 'softmax' on the head", "from_logits=True in the loss"),
        )


def _verdict(output: Output, measured: Measured) -> tuple[Severity, str] | None:
    values = measured.batch
    if values is None:
        return None
    if values.finite < 1:
        return Severity.ERROR, f"{1 - values.finite:.0%} of the outputs for the batch are NaN or infinite"
    if _wants_probabilities(output) and not -ROUNDING <= values.low <= values.high <= 1 + ROUNDING:
        seen = f"{figure(values.low)} to {figure(values.high)}"
        return (
            Severity.WARNING,
            f"the outputs for the batch are {seen}; what is outside 0 to 1 is clipped, without gradient",
        )
    return None


def _wants_probabilities(output: Output) -> bool:
    row = losses().get(value(output.loss.name) or "")
    return row is not None and row.needs == "probability" and value(output.loss.from_logits) is False


RULE = Rule(
    code="MLL708",
    summary="an output for the batch is not finite, or outside what the loss takes",
    since="0.1.0",
    judge=unexplained(find, "MLL708"),
)
