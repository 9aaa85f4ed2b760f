"""The largest of one."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Applicability, Repair, SetThreshold
from mllint.rules import Rule
from mllint.rules.marks import decoding_first
from mllint.rules.views.decodings import Decoded, decodings, turning_point


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for decoded in decodings(setup):
        if decoded.decoding.kind == "argmax" and decoded.units == 1 and decoded.runs_over_units:
            yield Problem(
                severity=Severity.ERROR,
                message="argmax of 1 unit: the largest of one is always unit 0, whatever the input is",
                marks=decoding_first(decoded.decoding.place, "always 0", decoded.output, "has 1 unit"),
                help=(_ways_out(decoded),),
                repairs=_repairs(decoded),
            )


def _repairs(decoded: Decoded) -> tuple[Repair, ...]:
    """Where head and loss are those of a yes or no. Labels out of sight may be class numbers, with the head wrong."""
    point = turning_point(decoded)
    if point is None or decoded.encoding not in {None, "binary"}:
        return ()
    level: Applicability = "safe" if decoded.encoding == "binary" else "unsafe"
    return (Repair(f"answer yes above {point:g}", level, (SetThreshold(decoded.decoding, point),)),)


def _ways_out(decoded: Decoded) -> str:
    threshold = 0 if decoded.range == "unbounded" else 0.5
    return f"a threshold: predictions > {threshold}"


RULE = Rule(
    code="MLL601",
    summary="an argmax is taken over a single unit",
    since="0.1.0",
    judge=judge,
)
