"""The first figure of evaluate()."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Known, Metric, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair, SetItem
from mllint.rules import Rule
from mllint.rules.marks import decoding_first
from mllint.rules.views.decodings import Decoded, decodings
from mllint.rules.views.pairs import value


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for decoded in decodings(setup):
        index = decoded.decoding.index
        if decoded.decoding.kind == "evaluate" and index is not None and value(index) == 0 and decoded.output.metrics:
            yield Problem(
                severity=Severity.WARNING,
                message="item 0 of evaluate() called accuracy: it is the loss, the metrics follow in their order",
                marks=decoding_first(decoded.decoding.place, "this is the loss", decoded.output, "is evaluated"),
                help=("item 1, for the first metric", "evaluate(…, return_dict=True), which names them"),
                repairs=_repairs(decoded),
            )


def _repairs(decoded: Decoded) -> tuple[Repair, ...]:
    """The first accuracy, behind the loss; metrics of the program's own may be accuracies too."""
    metrics = decoded.output.metrics
    index = next((number for number, metric in enumerate(metrics, 1) if _is_accuracy(metric)), None)
    if index is None:
        return ()
    return (Repair(f"read item {index}, the accuracy", "suggestion", (SetItem(decoded.decoding, index),)),)


def _is_accuracy(metric: Metric) -> bool:
    return isinstance(metric.name, Known) and "accuracy" in metric.name.value


RULE = Rule(
    code="MLL606",
    summary="the loss, which evaluate() returns first, is called an accuracy",
    since="0.1.0",
    judge=judge,
)
