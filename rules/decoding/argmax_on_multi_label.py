"""One answer, where several labels apply."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Applicability, Repair, SetThreshold
from mllint.rules import Rule
from mllint.rules.marks import decoding_first
from mllint.rules.views.decodings import Decoded, decodings, turning_point

FEWEST_UNITS = 3
"""Two independent units are mostly one-hot rows of two classes, for which argmax is right."""


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for decoded in decodings(setup):
        severity = _severity(decoded)
        if severity is not None:
            yield Problem(
                severity=severity,
                message="argmax of a multi-label head: it gives one label per sample, and drops all others",
                marks=decoding_first(
                    decoded.decoding.place,
                    "keeps one unit per sample",
                    decoded.output,
                    "decides each unit by itself",
                    "labels are multi-hot" if decoded.encoding == "multi-hot" else None,
                ),
                help=(f"a threshold: predictions > {0 if decoded.range == 'unbounded' else 0.5}",),
                repairs=_repairs(decoded),
            )


def _repairs(decoded: Decoded) -> tuple[Repair, ...]:
    """Labels out of sight may be one-hot after all, and argmax right."""
    point = turning_point(decoded)
    if point is None:
        return ()
    level: Applicability = "unsafe" if decoded.encoding == "multi-hot" else "suggestion"
    return (Repair(f"answer yes for each unit above {point:g}", level, (SetThreshold(decoded.decoding, point),)),)


def _severity(decoded: Decoded) -> Severity | None:
    pair = decoded.pair
    if decoded.decoding.kind != "argmax" or not decoded.runs_over_units or pair is None or pair.family != "binary":
        return None
    if decoded.units == 1 or decoded.range not in {"unit", "unbounded"}:
        return None
    if decoded.encoding == "multi-hot":
        return Severity.WARNING
    unseen = decoded.encoding is None and (decoded.units or 0) >= FEWEST_UNITS
    return Severity.INFO if unseen else None


RULE = Rule(
    code="MLL602",
    summary="an argmax is taken over the units of a multi-label head",
    since="0.1.0",
    judge=judge,
)
