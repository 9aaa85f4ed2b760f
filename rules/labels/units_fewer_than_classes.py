"""Classes without a unit."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Applicability, Repair, SetUnits
from mllint.rules import Rule
from mllint.rules.marks import head_first
from mllint.rules.repairing.ways_out import pairing_repairs
from mllint.rules.views.targets import CLASS_IDS, ROWS_OF_CLASSES, Target, is_scaled, targets


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for target in targets(setup):
        verdict = _verdict(target)
        if verdict:
            yield Problem(
                severity=Severity.ERROR,
                message=verdict,
                marks=head_first(setup, target.output, f"has {target.units_text}", "compares units with labels"),
                help=_ways_out(target),
                repairs=_repairs(setup, target),
            )


def _verdict(target: Target) -> str | None:
    if target.units is None or is_scaled(target):
        return None
    if target.family == "sparse" and target.encoding in CLASS_IDS:
        return _without_unit(target, target.units)
    if target.family != "sparse" and target.encoding in ROWS_OF_CLASSES:
        return _too_wide(target, target.units)
    return None


def _without_unit(target: Target, units: int) -> str | None:
    largest = target.largest_id
    if largest is None or largest < units:
        return None
    return (
        f"class number {largest} on {target.units_text}: it has no unit; "
        "TensorFlow raises on the CPU and trains to NaN under XLA"
    )


def _too_wide(target: Target, units: int) -> str | None:
    if units > 1 and (target.columns is None or target.columns <= units):
        return None
    if units == 1 and target.columns == 1:
        return None
    wide = (
        f"{target.encoding} labels"
        if target.columns is None
        else f"{target.encoding} labels of {target.columns} columns"
    )
    if units == 1 and target.family != "binary":
        return f"{wide} on 1 unit: the unit is compared with every column, and learns their average"
    return f"{wide} on {target.units_text}: the shapes differ, and Keras raises"


def _repairs(setup: TrainingSetup, target: Target) -> tuple[Repair, ...]:
    """Class numbers one too high may as well be counted from 0, and two columns be one."""
    if target.encoding in CLASS_IDS:
        wanted = (target.largest_id or 0) + 1
        return _with_units(target, wanted, "suggestion" if wanted == (target.units or 0) + 1 else "unsafe")
    if target.columns is None or target.columns < 2:
        return ()
    if target.units != 1 or target.encoding == "multi-hot":
        return _with_units(target, target.columns, "unsafe")
    return pairing_repairs(setup, target.output, "multi-class", "unsafe" if target.columns > 2 else "suggestion")


def _with_units(target: Target, wanted: int, level: Applicability) -> tuple[Repair, ...]:
    return (Repair(f"make it {wanted} units", level, (SetUnits(target.output.head, wanted),)),)


def _ways_out(target: Target) -> tuple[str, ...]:
    if target.units == 1:
        return (
            "one unit per class, with activation='softmax' and loss='categorical_crossentropy'",
            "for two classes: 0/1 labels in one column (class_mode='binary', label_mode='binary')",
        )
    if target.encoding in CLASS_IDS and target.largest_id == target.units:
        return ("labels that count from 0", f"{target.units + 1} units" if target.units else "one more unit")
    return ("one unit per class",)


RULE = Rule(
    code="MLL404",
    summary="the labels have more classes than the head has units",
    since="0.1.0",
    judge=judge,
)
