"""Labels smoothed in a binary loss, which Acme's risk models must not be trained with."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Known, TrainingSetup
from mllint.findings import Mark, Problem, Severity
from mllint.repairs import Repair, SetLossArgument
from mllint.rules import Rule


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for output in setup.outputs:
        loss = output.loss
        if not (isinstance(loss.name, Known) and isinstance(loss.label_smoothing, Known) and loss.place):
            continue
        if loss.name.value == "binary_crossentropy" and loss.label_smoothing.value:
            yield Problem(
                severity=Severity.WARNING,
                message="smoothed labels: predicted risks are drawn towards one half and are no frequencies any more",
                marks=(Mark("loss", loss.place, f"smooths by {loss.label_smoothing.value}"),),
                help=("leave label_smoothing out",),
                repairs=(
                    Repair("leave label_smoothing out", "unsafe", (SetLossArgument(loss, "label_smoothing", None),)),
                ),
            )


RULE = Rule(
    code="ACM101",
    summary="a binary loss smooths the labels of a model that predicts risks",
    since="1.0.0",
    judge=judge,
)
