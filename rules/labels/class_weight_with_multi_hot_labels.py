"""Weights of classes, of samples that belong to several."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Known, TrainingSetup
from mllint.findings import Mark, Problem, Severity
from mllint.rules import Rule
from mllint.rules.marks import labels_first
from mllint.rules.views.targets import targets


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for target in targets(setup):
        if target.encoding != "multi-hot" or len(setup.outputs) > 1:
            continue
        for fit in setup.fits:
            if isinstance(fit.class_weight, Known):
                place = fit.class_weight.place or fit.place
                yield Problem(
                    severity=Severity.WARNING,
                    message="class_weight with multi-hot labels: each sample gets the weight of its first label only",
                    marks=(
                        Mark("evidence", place, "weighs samples by one class"),
                        *labels_first(target, "labels are multi-hot", "weighs what it gets"),
                    ),
                    help=("weights inside a loss function of one's own", "sample_weight, one weight per sample"),
                )


RULE = Rule(
    code="MLL415",
    summary="a class_weight is given for labels of which several may apply to one sample",
    since="0.1.0",
    judge=judge,
)
