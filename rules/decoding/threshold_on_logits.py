"""A threshold of 0.5, on scores that turn at 0."""

from __future__ import annotations

from collections.abc import Iterator
from math import log

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Applicability, Repair, SetArgmax, SetThreshold
from mllint.rules import Rule
from mllint.rules.marks import decoding_first
from mllint.rules.views.decodings import Decoded, decodings

HALFWAY = 0.5
"""The probability that a logit of 0 means."""


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for decoded in decodings(setup):
        threshold = decoded.threshold
        if threshold is not None and 0 < threshold < 1 and _returns_logits(decoded):
            yield Problem(
                severity=Severity.WARNING,
                message=f"{_what(decoded, threshold)} of logits: they turn from no to yes at 0, not at {threshold:g}",
                marks=decoding_first(
                    decoded.decoding.place, f"yes from {threshold:g} on", decoded.output, "returns logits"
                ),
                help=_ways_out(decoded),
                repairs=_repairs(decoded, threshold),
            )


def _returns_logits(decoded: Decoded) -> bool:
    pair = decoded.pair
    return pair is not None and pair.is_crossentropy and pair.from_logits is True and pair.range == "unbounded"


def _what(decoded: Decoded, threshold: float) -> str:
    return "rounding" if decoded.decoding.kind == "round" else f"a threshold of {threshold:g}"


def _repairs(decoded: Decoded, threshold: float) -> tuple[Repair, ...]:
    if _is_of_classes(decoded):
        return (Repair("take the largest logit for the answer", "suggestion", (SetArgmax(decoded.decoding, -1),)),)
    score = round(log(threshold / (1 - threshold)), 3) if threshold != HALFWAY else 0
    level: Applicability = "safe" if threshold == HALFWAY else "unsafe"
    return (Repair(f"compare the logits with {score:g}", level, (SetThreshold(decoded.decoding, score),)),)


def _is_of_classes(decoded: Decoded) -> bool:
    return decoded.pair is not None and decoded.pair.family != "binary"


def _ways_out(decoded: Decoded) -> tuple[str, ...]:
    if _is_of_classes(decoded):
        return ("argmax over the classes: predictions.argmax(axis=-1)",)
    return ("predictions > 0", "tf.sigmoid(predictions) > 0.5")


RULE = Rule(
    code="MLL603",
    summary="the predictions are logits, and are compared with a threshold for probabilities",
    since="0.1.0",
    judge=judge,
)
