"""A callback that keeps the worst."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Monitor, TrainingSetup
from mllint.findings import Mark, Problem, Severity
from mllint.repairs import Repair, SetMonitor
from mllint.rules import Rule
from mllint.rules.views.directions import better
from mllint.rules.views.pairs import value


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for fit in setup.fits:
        for monitor in fit.monitors:
            right, mode = better(monitor.name), value(monitor.mode)
            if right is not None and mode in {"min", "max"} and mode != right:
                best = "highest" if right == "max" else "lowest"
                taken = "lowest" if mode == "min" else "highest"
                change = SetMonitor(monitor, monitor.name, right)
                yield Problem(
                    severity=Severity.WARNING,
                    message=f"{_short(monitor)} with mode='{mode}' on '{monitor.name}': "
                    f"it takes the {taken} value for the best",
                    marks=(Mark("evidence", monitor.place, f"better is {'higher' if right == 'max' else 'lower'}"),),
                    help=(f"mode='{right}'",),
                    repairs=(Repair(f"take the {best} value for the best", "unsafe", (change,)),),
                )


def _short(monitor: Monitor) -> str:
    return monitor.callback.rpartition(".")[2]


RULE = Rule(
    code="MLL515",
    summary="a callback takes the worst value of what it watches for the best",
    since="0.1.0",
    judge=judge,
)
