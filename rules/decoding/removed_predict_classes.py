"""A method that is gone."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule
from mllint.rules.decodings import Decoded, decodings
from mllint.rules.marks import decoding_first
from mllint.rules.pairs import value


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for decoded in decodings(setup):
        if decoded.decoding.kind == "predict_classes":
            yield Problem(
                severity=Severity.ERROR if value(setup.framework) == "keras3" else Severity.INFO,
                message="predict_classes() is gone since TensorFlow 2.6: AttributeError",
                marks=decoding_first(decoded.decoding.place, "no such method", decoded.output, "makes the predictions"),
                help=_ways_out(decoded),
            )


def _ways_out(decoded: Decoded) -> tuple[str, ...]:
    one = "(model.predict(x) > 0.5).astype(int)"
    several = "model.predict(x).argmax(axis=-1)"
    if decoded.units is None:
        return (f"for one sigmoid unit: {one}", f"for one unit per class: {several}")
    return (one if decoded.units == 1 else several,)


RULE = Rule(
    code="MLL605",
    summary="the method predict_classes() is called, which TensorFlow 2.6 removed",
    since="0.1.0",
    judge=judge,
)
