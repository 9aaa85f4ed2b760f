"""Thresholds from 0 to 1, on scores from minus to plus infinity."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair
from mllint.rules import Rule
from mllint.rules.marks import metric_first
from mllint.rules.repairing.metrics import in_its_place
from mllint.rules.views.pairs import value
from mllint.rules.views.readings import Reading, readings


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for reading in readings(setup):
        if reading.row.reads == "ranking" and value(reading.metric.from_logits) is False and reading.reads_logits:
            yield Problem(
                severity=Severity.WARNING,
                message=f"{reading.text} of logits: its thresholds lie between 0 and 1, so most scores look alike",
                marks=metric_first(
                    reading.metric.place,
                    "tries thresholds from 0 to 1",
                    reading.output,
                    "returns logits, not probabilities",
                ),
                help=_ways_out(reading),
                repairs=_repairs(setup, reading),
            )


def _repairs(setup: TrainingSetup, reading: Reading) -> tuple[Repair, ...]:
    """The metric's own conversion is a sigmoid, which is not what several classes need."""
    if not reading.row.from_logits or reading.family != "binary":
        return ()
    change = in_its_place(setup, reading.metric, (reading.row.name, (("from_logits", True),)))
    return (Repair("tell the metric that it reads logits", "safe", (change,)),)


def _ways_out(reading: Reading) -> tuple[str, ...]:
    activation = "sigmoid" if reading.family == "binary" else "softmax"
    head = f"activation='{activation}' on the head, without from_logits=True in the loss"
    if reading.row.from_logits and activation == "sigmoid":
        return ("keras.metrics.AUC(from_logits=True)", head)
    return (head,)


RULE = Rule(
    code="MLL504",
    summary="a metric with thresholds from 0 to 1, such as AUC, reads logits",
    since="0.1.0",
    judge=judge,
)
