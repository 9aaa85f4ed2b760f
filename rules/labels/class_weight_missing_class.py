"""Weights that leave classes out."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Fit, Known, TrainingSetup
from mllint.findings import Mark, Problem, Severity
from mllint.rules import Rule
from mllint.rules.marks import labels_first
from mllint.rules.views.targets import CLASS_IDS, Target, is_scaled, targets

MOST_NAMED = 3
"""How many missing classes a message names."""


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    if len(setup.outputs) > 1:
        return
    for target in targets(setup):
        for fit in setup.fits:
            missing = _missing(target, fit)
            if missing and isinstance(fit.class_weight, Known):
                yield Problem(
                    severity=Severity.WARNING,
                    message=f"class_weight without {_listed(missing)}: Keras 3 weighs it 1 silently, Keras 2 raises",
                    marks=(
                        Mark("evidence", fit.class_weight.place or fit.place, f"no weight for {_listed(missing)}"),
                        *labels_first(target, "the classes", "weighs what it gets"),
                    ),
                    help=("one weight per class number, from 0 on",),
                )


def _missing(target: Target, fit: Fit) -> list[int]:
    """The class numbers that have no weight, where all class numbers are known."""
    classes = _classes(target)
    if not isinstance(fit.class_weight, Known) or classes is None or is_scaled(target):
        return []
    return [number for number in range(classes) if number not in fit.class_weight.value]


def _classes(target: Target) -> int | None:
    if target.encoding == "binary":
        return 2
    if target.encoding in CLASS_IDS:
        counts_from_zero = target.low in (None, 0) and target.high in (None, (target.classes or 0) - 1)
        return target.classes if counts_from_zero else None
    return (target.classes or target.columns) if target.encoding == "one-hot" else None


def _listed(classes: list[int]) -> str:
    named = ", ".join(str(number) for number in classes[:MOST_NAMED])
    more = " and more" if len(classes) > MOST_NAMED else ""
    return f"class{'es' if len(classes) > 1 else ''} {named}{more}"


RULE = Rule(
    code="MLL416",
    summary="a class_weight leaves out classes that the labels have",
    since="0.1.0",
    judge=judge,
)
