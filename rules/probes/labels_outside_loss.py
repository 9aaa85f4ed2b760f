"""Labels that the loss has no place for."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Output, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.measured import Measured
from mllint.rules import Rule
from mllint.rules.causes import unexplained
from mllint.rules.described import figure, pair_of
from mllint.rules.knowledge import losses
from mllint.rules.marks import loss_first
from mllint.rules.views.pairs import value

ROUNDING = 1e-6


def find(setup: TrainingSetup, output: Output, measured: Measured) -> Iterator[Problem]:
    consequence = _consequence(output, measured)
    if consequence is not None:
        yield Problem(
            severity=Severity.ERROR,
            message=f"{pair_of(output)}: {consequence}",
            marks=loss_first(setup, output, "has no place for these labels", "its output"),
            help=("labels that the loss is made for: class numbers from 0, or values from 0 to 1",),
        )


def _consequence(output: Output, measured: Measured) -> str | None:
    row, labels = losses().get(value(output.loss.name) or ""), measured.labels
    if row is None or labels is None:
        return None
    if labels.without_unit:
        values = f"labels go from {figure(labels.low)} to {figure(labels.high)}"
        return f"{labels.without_unit} class numbers of the batch have no unit; {values}"
    if row.family in ("binary", "categorical") and not -ROUNDING <= labels.low <= labels.high <= 1 + ROUNDING:
        return f"labels from {figure(labels.low)} to {figure(labels.high)} are no probabilities"
    return None


RULE = Rule(
    code="MLL707",
    summary="a class number of the batch has no unit, or a label of a cross-entropy lies outside 0 to 1",
    since="0.1.0",
    judge=unexplained(find, "MLL707"),
)
