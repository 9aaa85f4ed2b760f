"""Labels -1 and 1 where probabilities are wanted."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair, SetLabels
from mllint.rules import Rule
from mllint.rules.marks import labels_first
from mllint.rules.views.targets import Target, targets


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for target in targets(setup):
        if target.encoding == "signed" and target.is_crossentropy:
            yield Problem(
                severity=Severity.ERROR,
                message=f"labels -1 and 1 with {target.loss}: {_consequence(target)}",
                marks=labels_first(target, "labels are -1 and 1", _wanted(target), "is trained on them"),
                help=("labels (y + 1) / 2, which are 0 and 1", "loss='hinge' on a head without activation"),
                repairs=_repairs(target),
            )


def _repairs(target: Target) -> tuple[Repair, ...]:
    """One column of yes and no. Rows of -1 and 1 may be one-hot or multi-hot, which they do not tell."""
    if target.family == "categorical" or (target.columns or 1) > 1:
        return ()
    return (Repair("write the labels as 0 and 1", "unsafe", (SetLabels(target.output.labels, "binary"),)),)


def _consequence(target: Target) -> str:
    if target.family == "sparse":
        return "-1 is no class number; TensorFlow raises on the CPU and trains to NaN under XLA"
    return "a label of -1 rewards the loss for running away to minus infinity"


def _wanted(target: Target) -> str:
    return "wants class numbers from 0" if target.family == "sparse" else "wants labels from 0 to 1"


RULE = Rule(
    code="MLL408",
    summary="a cross-entropy, which wants labels 0 and 1, is given -1 and 1",
    since="0.1.0",
    judge=judge,
)
