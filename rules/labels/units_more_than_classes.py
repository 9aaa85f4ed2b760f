"""Units without a class."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.rules import Rule
from mllint.rules.evidence import head_first
from mllint.rules.targets import CLASS_IDS, ROWS_OF_CLASSES, Target, is_scaled, targets


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for target in targets(setup):
        verdict = _verdict(target)
        if verdict:
            severity, message = verdict
            yield Problem(
                severity=severity,
                message=message,
                marks=head_first(setup, target.output, f"has {target.units_text}", "compares units with labels"),
                help=("one unit per class",),
            )


def _verdict(target: Target) -> tuple[Severity, str] | None:
    if target.family == "sparse":
        return _never_answers(target)
    return _too_narrow(target)


def _never_answers(target: Target) -> tuple[Severity, str] | None:
    units, largest = target.units or 0, target.largest_id
    if target.encoding not in CLASS_IDS or is_scaled(target) or target.classes is None or largest is None:
        return None
    if units <= max(target.classes, largest + 1):
        return None
    return Severity.INFO, f"{units} units for {target.classes} classes: the other units are trained to never answer"


def _too_narrow(target: Target) -> tuple[Severity, str] | None:
    units = target.units or 0
    if target.encoding not in ROWS_OF_CLASSES or target.columns is None or not 1 < target.columns < units:
        return None
    wide = f"{target.encoding} labels of {target.columns} columns"
    return Severity.ERROR, f"{wide} on {units} units: the shapes differ, and Keras raises"


RULE = Rule(
    code="MLL405",
    summary="the head has more units than the labels have classes",
    since="0.1.0",
    judge=judge,
)
