"""Distances between class labels."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule
from mllint.rules.marks import loss_first
from mllint.rules.repairing.ways_out import by_labels
from mllint.rules.views.pairs import Pair, judged_pairs

ABSOLUTE = frozenset({"mean_absolute_error", "mean_absolute_percentage_error"})


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for pair in judged_pairs(setup):
        verdict = _verdict(pair) if pair.family == "regression" else None
        if verdict:
            severity, consequence = verdict
            yield Problem(
                severity=severity,
                message=f"{pair.text} on {pair.encoding} labels: {consequence}",
                marks=loss_first(setup, pair.output, "measures a distance", "answers with one number per unit"),
                help=(_right_pairing(pair),),
                repairs=by_labels(setup, pair.output),
            )


def _verdict(pair: Pair) -> tuple[Severity, str] | None:
    units = pair.units or 0
    if pair.encoding == "integer" and units > 1:
        return Severity.ERROR, "every unit is trained towards the class number, or Keras raises"
    if pair.encoding == "one-hot" and units > 2:
        return _on_one_hot(pair)
    if pair.encoding == "binary" and pair.units == 1 and pair.range == "unbounded":
        return Severity.INFO, "works on scaled features only, and the output is no probability"
    return None


def _on_one_hot(pair: Pair) -> tuple[Severity, str] | None:
    if pair.loss in ABSOLUTE:
        return Severity.WARNING, "the median of a rare class is 0, so units stop answering"
    if pair.range in {"rectified", "log"}:
        return Severity.WARNING, "units that reach 0 stay there"
    return Severity.INFO, "learns slower than a cross-entropy, and depends on scaled features"


def _right_pairing(pair: Pair) -> str:
    if pair.encoding == "binary":
        return "activation='sigmoid' with loss='binary_crossentropy'"
    loss = "sparse_categorical_crossentropy" if pair.encoding == "integer" else "categorical_crossentropy"
    return f"activation='softmax' with loss='{loss}'"


RULE = Rule(
    code="MLL112",
    summary="a loss for numbers is trained on class labels",
    since="0.1.0",
    judge=judge,
)
