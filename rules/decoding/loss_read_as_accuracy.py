"""The first figure of evaluate()."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule
from mllint.rules.decodings import decodings
from mllint.rules.marks import decoding_first
from mllint.rules.pairs import value


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for decoded in decodings(setup):
        index = decoded.decoding.index
        if decoded.decoding.kind == "evaluate" and index is not None and value(index) == 0 and decoded.output.metrics:
            yield Problem(
                severity=Severity.WARNING,
                message="item 0 of evaluate() called accuracy: it is the loss, the metrics follow in their order",
                marks=decoding_first(decoded.decoding.place, "this is the loss", decoded.output, "is evaluated"),
                help=("item 1, for the first metric", "evaluate(…, return_dict=True), which names them"),
            )


RULE = Rule(
    code="MLL606",
    summary="the loss, which evaluate() returns first, is called an accuracy",
    since="0.1.0",
    judge=judge,
)
