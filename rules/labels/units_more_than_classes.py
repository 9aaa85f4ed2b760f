"""Units without a class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Applicability, Repair, SetUnits
from mllint.rules import Rule
from mllint.rules.marks import head_first
from mllint.rules.views.targets import CLASS_IDS, ROWS_OF_CLASSES, Target, is_scaled, targets


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for target in targets(setup):
        verdict = _verdict(target)
        if verdict:
            yield Problem(
                severity=verdict.severity,
                message=verdict.message,
                marks=head_first(setup, target.output, f"has {target.units_text}", "compares units with labels"),
                help=("one unit per class",),
                repairs=(_as_many_units(target, verdict),),
            )


@dataclass(frozen=True, slots=True)
class _Verdict:
    severity: Severity
    message: str
    wanted: int
    """Number of units that the labels call for."""


def _as_many_units(target: Target, verdict: _Verdict) -> Repair:
    """Spare units may be there for classes to come; a shape that does not fit is never right."""
    level: Applicability = "unsafe" if verdict.severity is Severity.ERROR else "suggestion"
    return Repair(f"make it {verdict.wanted} units", level, (SetUnits(target.output.head, verdict.wanted),))


def _verdict(target: Target) -> _Verdict | None:
    if target.family == "sparse":
        return _never_answers(target)
    return _too_narrow(target)


def _never_answers(target: Target) -> _Verdict | None:
    units, largest = target.units or 0, target.largest_id
    if target.encoding not in CLASS_IDS or is_scaled(target) or target.classes is None or largest is None:
        return None
    wanted = max(target.classes, largest + 1)
    if units <= wanted:
        return None
    message = f"{units} units for {target.classes} classes: the other units are trained to never answer"
    return _Verdict(Severity.INFO, message, wanted)


def _too_narrow(target: Target) -> _Verdict | None:
    units = target.units or 0
    if target.encoding not in ROWS_OF_CLASSES or target.columns is None or not 1 < target.columns < units:
        return None
    wide = f"{target.encoding} labels of {target.columns} columns"
    message = f"{wide} on {units} units: the shapes differ, and Keras raises"
    return _Verdict(Severity.ERROR, message, target.columns)


RULE = Rule(
    code="MLL405",
    summary="the head has more units than the labels have classes",
    since="0.1.0",
    judge=judge,
)
