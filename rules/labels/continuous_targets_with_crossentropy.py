"""Numbers where classes or probabilities are wanted."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Change, Repair, SetActivation, SetLoss, SetUnits
from mllint.rules import Rule
from mllint.rules.marks import loss_first
from mllint.rules.repairing.metrics import ERROR_OF_NUMBERS, under_its_own_name
from mllint.rules.views.pairs import value
from mllint.rules.views.targets import Target, is_scaled, reconstructions, targets


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for target in targets(setup):
        if target.encoding == "continuous" and target.is_crossentropy and not is_scaled(target):
            consequence = _consequence(target)
            if consequence:
                yield Problem(
                    severity=Severity.ERROR,
                    message=f"numbers as labels of {target.loss}: {consequence}",
                    marks=loss_first(setup, target.output, "a loss for classes", "is trained on numbers"),
                    help=("for a number: no activation, with loss='mse'", "for classes: class numbers as labels"),
                    repairs=_repairs(setup, target),
                )
    for target in reconstructions(setup):
        outside = _no_probabilities(target) if target.family == "binary" else None
        if outside:
            yield Problem(
                severity=Severity.ERROR,
                message=f"targets that are to be reconstructed under {target.loss}: {outside}",
                marks=loss_first(setup, target.output, "takes targets from 0 to 1", "is trained on its inputs"),
                help=("inputs and targets scaled to 0 to 1", "no activation on the head, with loss='mse'"),
            )


def _consequence(target: Target) -> str | None:
    """Why it cannot work; None for numbers that may be probabilities, which is how soft labels look."""
    if target.family == "sparse" and (target.columns or 1) > 1:
        return "the loss wants class numbers in one column, and Keras raises"
    if target.family == "sparse":
        return "the loss cuts them down to whole numbers and takes those for class numbers"
    return _no_probabilities(target)


def _no_probabilities(target: Target) -> str | None:
    outside = _outside(target)
    return f"labels {outside} are no probabilities, and the loss falls below 0 without end" if outside else None


def _repairs(setup: TrainingSetup, target: Target) -> tuple[Repair, ...]:
    """Whether numbers or classes are to be predicted only the author knows; one accuracy becomes the error."""
    head, loss, metrics = target.output.head, target.output.loss, target.output.metrics
    if target.columns is None or len(metrics) > 1 or any("accuracy" not in (value(m.name) or "") for m in metrics):
        return ()
    changes: list[Change] = [SetLoss(loss, "mean_squared_error", False)]
    if value(head.activation) != "linear":
        changes.append(SetActivation(head, "linear"))
    if target.units != target.columns:
        changes.append(SetUnits(head, target.columns))
    for metric in metrics:
        changes += under_its_own_name(setup, metric, (ERROR_OF_NUMBERS, ()))
    return (Repair("predict the numbers, with mean_squared_error", "suggestion", tuple(changes)),)


def _outside(target: Target) -> str | None:
    if target.low is not None and target.low < 0:
        return "below 0"
    if target.high is not None and target.high > 1:
        return "above 1"
    return None


RULE = Rule(
    code="MLL410",
    summary="a cross-entropy is trained on numbers outside 0 to 1",
    since="0.1.0",
    judge=judge,
)
