"""Text where numbers are wanted."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule
from mllint.rules.marks import labels_first
from mllint.rules.views.targets import targets


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for target in targets(setup):
        if target.encoding == "string":
            yield Problem(
                severity=Severity.ERROR,
                message=f"text as labels of {target.loss}: Keras trains on numbers only, and raises",
                marks=labels_first(target, "labels are text", "wants numbers", "is trained on them"),
                help=(
                    "sklearn.preprocessing.LabelEncoder, for class numbers",
                    "keras.layers.StringLookup(num_oov_indices=0), for class numbers",
                ),
            )


RULE = Rule(
    code="MLL414",
    summary="the labels are text",
    since="0.1.0",
    judge=judge,
)
