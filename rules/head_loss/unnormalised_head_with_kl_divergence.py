"""A divergence between distributions, of a head that returns none."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule
from mllint.rules.marks import head_first
from mllint.rules.repairing.ways_out import by_labels
from mllint.rules.views.pairs import judged_pairs


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for pair in judged_pairs(setup):
        if pair.family == "divergence" and pair.range not in (None, "distribution"):
            yield Problem(
                severity=Severity.ERROR,
                message=f"{pair.text}: the outputs need not sum to 1, so the loss falls by making all of them larger",
                marks=head_first(setup, pair.output, "rows do not sum to 1", "compares distributions"),
                help=(
                    "activation='softmax'",
                    "if the units are independent: activation='sigmoid' with loss='binary_crossentropy'",
                ),
                repairs=by_labels(setup, pair.output),
            )


RULE = Rule(
    code="MLL109",
    summary="a head whose rows do not sum to 1 is trained with the Kullback-Leibler divergence",
    since="0.1.0",
    judge=judge,
)
