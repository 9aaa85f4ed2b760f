"""Labels of another width than the head."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Known, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Applicability, Repair, SetUnits
from mllint.rules import Rule
from mllint.rules.marks import head_first
from mllint.rules.repairing.terms import Kind
from mllint.rules.repairing.ways_out import pairing_repairs
from mllint.rules.views.targets import CLASS_IDS, Target, targets


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for target in targets(setup):
        if _is_judged_here(target) and _differs(target):
            yield Problem(
                severity=_severity(target),
                message=f"{_labels(target)} on {target.units_text} with {target.loss}: {_consequence(target)}",
                marks=head_first(setup, target.output, f"has {target.units_text}", _loss(target)),
                help=_ways_out(target),
                repairs=_repairs(setup, target),
            )


def _is_judged_here(target: Target) -> bool:
    """Classes in columns and class numbers under categorical losses have rules of their own."""
    if target.family in {"categorical", "sparse"}:
        return False
    if target.encoding == "integer":
        return target.family != "regression"
    return target.encoding in {"binary", "continuous", "signed"}


def _differs(target: Target) -> bool:
    if target.units is None or target.columns is None or target.units == target.columns:
        return False
    return target.units > 1 or _same_rank(target)


def _same_rank(target: Target) -> bool:
    """One unit per time step of a sequence fits labels without an axis for it; only the ranks can tell."""
    rank = target.output.head.rank
    return isinstance(rank, Known) and rank.value == target.rank


def _severity(target: Target) -> Severity:
    """Units that all learn the one number there is cost nothing but the surprise; every other mix-up does."""
    repeats_numbers = target.encoding == "continuous" and target.columns == 1 and target.family == "regression"
    return Severity.INFO if repeats_numbers and target.rank != 1 else Severity.ERROR


def _labels(target: Target) -> str:
    kind = "numbers" if target.encoding == "continuous" else f"{target.encoding} labels"
    return f"{kind} in {target.columns} column{'s' if target.columns != 1 else ''}"


def _consequence(target: Target) -> str:
    if target.columns == 1 and target.family == "binary":
        return "Keras 3 raises, and Keras 2 does or compares every unit with the same label"
    if target.columns == 1:
        return "every unit is compared with the same label, or Keras 3 raises"
    if target.units == 1 and target.family != "binary":
        return "the unit is compared with every column, and learns their average"
    return "the shapes differ, and Keras raises"


def _loss(target: Target) -> str:
    return "wants one label per unit"


def _repairs(setup: TrainingSetup, target: Target) -> tuple[Repair, ...]:
    """Numbers want a unit each. Classes are one answer of several units, or, if there are two, one unit's."""
    if target.encoding not in CLASS_IDS:
        return _as_many_units(target)
    if (target.largest_id or 0) >= (target.units or 0):
        return ()
    if target.encoding == "integer" and (target.largest_id or 0) > 1:
        return pairing_repairs(setup, target.output, "multi-class", "unsafe")
    kinds: tuple[Kind, ...] = ("binary", "multi-class")
    return tuple(way for kind in kinds for way in pairing_repairs(setup, target.output, kind, "suggestion"))


def _as_many_units(target: Target) -> tuple[Repair, ...]:
    if target.columns is None:
        return ()
    title = f"make it {target.columns} unit{'s' if target.columns != 1 else ''}"
    level: Applicability = "unsafe" if _severity(target) is Severity.ERROR else "suggestion"
    return (Repair(title, level, (SetUnits(target.output.head, target.columns),)),)


def _ways_out(target: Target) -> tuple[str, ...]:
    if target.encoding in CLASS_IDS:
        return (
            "for classes: activation='softmax' with loss='sparse_categorical_crossentropy'",
            "for two classes: Dense(1, activation='sigmoid') with loss='binary_crossentropy'",
        )
    return (f"{target.columns} unit{'s' if target.columns != 1 else ''} on the head",)


RULE = Rule(
    code="MLL406",
    summary="the labels have another number of columns than the head has units",
    since="0.1.0",
    judge=judge,
)
