"""Smoothing, of class numbers."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule, knowledge
from mllint.rules.evidence import loss_first
from mllint.rules.pairs import value


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for output in setup.outputs:
        row = knowledge.losses().get(value(output.loss.name) or "")
        if row is not None and row.family == "sparse" and (value(output.loss.label_smoothing) or 0) > 0:
            yield Problem(
                severity=Severity.ERROR,
                message=f"label_smoothing for {row.name}: the loss has no such argument, and Keras raises TypeError",
                marks=loss_first(setup, output, "has no label_smoothing", "is trained with it"),
                help=("CategoricalCrossentropy(label_smoothing=…) with one-hot labels",),
            )


RULE = Rule(
    code="MLL417",
    summary="a sparse categorical cross-entropy is given label_smoothing, which it does not know",
    since="0.1.0",
    judge=judge,
)
