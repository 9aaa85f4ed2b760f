"""A softmax over a single unit."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Fact, Known, Output, TrainingSetup, Unknown
from mllint.findings import Problem, Severity
from mllint.repairs import Applicability, Repair, SetActivation
from mllint.rules import Rule, knowledge
from mllint.rules.marks import head_first
from mllint.rules.repairing.ways_out import by_labels
from mllint.rules.views.pairs import value
from mllint.rules.views.stages import after_last_activation, last_activation, runs_over_last_axis

CONSTANT = {"softmax": "1.0", "log_softmax": "0.0"}
"""What a head of one unit returns for every input."""


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for output in setup.outputs:
        activation = output.head.activation
        if isinstance(activation, Known) and activation.value in CONSTANT and _compares_one_unit(output):
            constant = CONSTANT[activation.value]
            yield Problem(
                severity=Severity.ERROR,
                message=f"{activation.value} over 1 unit: the output is {constant} for every input, nothing is learned",
                marks=head_first(setup, output, f"always {constant}", "sees a constant"),
                help=(
                    "for two classes: activation='sigmoid' with loss='binary_crossentropy'",
                    "for n classes: Dense(n, activation='softmax')",
                    "for a number: no activation",
                ),
                repairs=_repairs(setup, output),
            )


def _compares_one_unit(output: Output) -> bool:
    stage = last_activation(output.head)
    return value(_units_compared(output)) == 1 and (stage is None or runs_over_last_axis(stage.axis))


def _units_compared(output: Output) -> Fact[int]:
    """The units that the softmax sees: a later change of shape makes them others than those of the output."""
    if not any(stage.role == "shape" for stage in after_last_activation(output.head)):
        return output.head.units
    scores = next((stage for stage in output.head.stages if stage.role == "scores"), None)
    return (scores.units if scores is not None else None) or Unknown("the shape is changed after the activation")


def _repairs(setup: TrainingSetup, output: Output) -> tuple[Repair, ...]:
    encoding = value(output.labels.encoding)
    loss = knowledge.losses().get(value(output.loss.name) or "")
    if loss is not None and loss.family == "regression" and encoding in {"continuous", None}:
        return _returns_a_number(output, "unsafe" if encoding == "continuous" else "suggestion")
    return by_labels(setup, output, either=("binary",))


def _returns_a_number(output: Output, level: Applicability) -> tuple[Repair, ...]:
    """Not where a figure about classes is asked for: then classes may be meant after all."""
    rows = [knowledge.metrics().get(value(metric.name) or "") for metric in output.metrics]
    if any(row is not None and row.reads != "regression" for row in rows):
        return ()
    return (Repair("return the number itself, without an activation", level, (SetActivation(output.head, "linear"),)),)


RULE = Rule(
    code="MLL104",
    summary="a softmax runs over a single unit, so its output is constant",
    since="0.1.0",
    judge=judge,
)
