"""One metric, not in a list."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Mark, Problem, Severity
from mllint.repairs import Repair, WrapInList
from mllint.rules import Rule
from mllint.rules.views.pairs import value


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    framework = value(setup.framework)
    if setup.bare_metrics is not None and framework != "keras2":
        yield Problem(
            severity=Severity.ERROR if framework == "keras3" else Severity.INFO,
            message="metrics as a bare string: Keras 3 wants a list, and raises ValueError",
            marks=(Mark("metric", setup.bare_metrics, "no list"),),
            help=("brackets around it: metrics=['…']",),
            repairs=(Repair("put it in a list", "safe", (WrapInList(setup.bare_metrics),)),),
        )


RULE = Rule(
    code="MLL513",
    summary="the metrics are one string instead of a list",
    since="0.1.0",
    judge=judge,
)
