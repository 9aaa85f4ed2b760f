"""Smoothing, of class numbers."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Output, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair, SetLabels, SetLoss, SetLossArgument
from mllint.rules import Rule, knowledge
from mllint.rules.marks import loss_first
from mllint.rules.views.pairs import value


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for output in setup.outputs:
        row = knowledge.losses().get(value(output.loss.name) or "")
        if row is not None and row.family == "sparse" and (value(output.loss.label_smoothing) or 0) > 0:
            yield Problem(
                severity=Severity.ERROR,
                message=f"label_smoothing for {row.name}: the loss has no such argument, and Keras raises TypeError",
                marks=loss_first(setup, output, "has no label_smoothing", "is trained with it"),
                help=("CategoricalCrossentropy(label_smoothing=…) with one-hot labels",),
                repairs=_repairs(output),
            )


def _repairs(output: Output) -> tuple[Repair, ...]:
    """Whether the smoothing matters more than the form of the labels only the author knows."""
    from_logits, units = value(output.loss.from_logits), value(output.head.units)
    without = SetLossArgument(output.loss, "label_smoothing", None)
    ways = [Repair("do without the smoothing", "suggestion", (without,))]
    if value(output.labels.encoding) == "integer" and from_logits is not None and not output.metrics:
        changes = (
            SetLabels(output.labels, "one-hot", units),
            SetLoss(output.loss, "categorical_crossentropy", from_logits),
        )
        ways.insert(0, Repair("write the labels with one column per class, and smooth them", "suggestion", changes))
    return tuple(ways)


RULE = Rule(
    code="MLL417",
    summary="a sparse categorical cross-entropy is given label_smoothing, which it does not know",
    since="0.1.0",
    judge=judge,
)
