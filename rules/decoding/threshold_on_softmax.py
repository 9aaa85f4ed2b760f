"""Each class by itself, of classes that share one 1."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair, SetArgmax
from mllint.rules import Rule
from mllint.rules.marks import decoding_first
from mllint.rules.views.decodings import Decoded, decodings

FEWEST_UNITS = 3
"""Of two classes one is always above 0.5, so a threshold decides as argmax does."""


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for decoded in decodings(setup):
        threshold = decoded.threshold
        if threshold is not None and 0 < threshold < 1 and _shares_one(decoded):
            yield Problem(
                severity=Severity.WARNING,
                message=f"{_what(decoded, threshold)} of a softmax over {decoded.units} units: "
                f"where no class reaches {threshold:g}, the sample gets no class at all",
                marks=decoding_first(
                    decoded.decoding.place,
                    "decides each class by itself",
                    decoded.output,
                    "makes the classes share one 1",
                ),
                help=("argmax over the classes: predictions.argmax(axis=-1)",),
                repairs=(Repair("take the likeliest class", "suggestion", (SetArgmax(decoded.decoding, -1),)),),
            )


def _shares_one(decoded: Decoded) -> bool:
    """Multi-hot labels and independent losses are mismatched with the softmax itself, and reported there."""
    if decoded.range != "distribution" or (decoded.units or 0) < FEWEST_UNITS or decoded.encoding == "multi-hot":
        return False
    return decoded.pair is None or decoded.pair.family != "binary"


def _what(decoded: Decoded, threshold: float) -> str:
    return "rounding" if decoded.decoding.kind == "round" else f"a threshold of {threshold:g}"


RULE = Rule(
    code="MLL604",
    summary="the softmax probabilities of several classes are rounded or compared with a threshold",
    since="0.1.0",
    judge=judge,
)
