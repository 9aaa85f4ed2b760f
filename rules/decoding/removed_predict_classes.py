"""A method that is gone."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair, SetArgmax, SetThreshold
from mllint.rules import Rule
from mllint.rules.marks import decoding_first
from mllint.rules.views.decodings import Decoded, decodings, turning_point
from mllint.rules.views.pairs import value


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for decoded in decodings(setup):
        if decoded.decoding.kind == "predict_classes":
            yield Problem(
                severity=Severity.ERROR if value(setup.framework) == "keras3" else Severity.INFO,
                message="predict_classes() is gone since TensorFlow 2.6: AttributeError",
                marks=decoding_first(decoded.decoding.place, "no such method", decoded.output, "makes the predictions"),
                help=_ways_out(decoded),
                repairs=_repairs(decoded),
            )


def _repairs(decoded: Decoded) -> tuple[Repair, ...]:
    """What the method did, by the number of units; versions that still have it lose nothing.

    Source: TensorFlow 2.5, tensorflow/python/keras/engine/sequential.py, predict_classes.
    """
    if decoded.units is None:
        return ()
    if decoded.units > 1:
        argmax = SetArgmax(decoded.decoding, -1)
        return (Repair("take the likeliest class of predict()", "safe", (argmax,)),) if _competes(decoded) else ()
    point = turning_point(decoded)
    if point is None:
        return ()
    threshold = SetThreshold(decoded.decoding, point)
    return (Repair(f"answer yes where predict() is above {point:g}", "safe", (threshold,)),)


def _competes(decoded: Decoded) -> bool:
    """The method took the largest unit whatever the head; for units that each answer yes or no that was no answer."""
    family = decoded.pair.family if decoded.pair is not None else None
    return family in {"categorical", "sparse"} or (decoded.range == "distribution" and family != "binary")


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
