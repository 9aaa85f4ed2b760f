"""Which rule speaks where several see the same fault: the one with the lower code, which names the cause.

A measurement shows that something is wrong, the facts often say why. So the rules on measurements are silent about an
output of which a rule on its facts, or an earlier rule on its measurements, reports something at least as severe.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any, TypeAlias

from mllint.facts import Output, TrainingSetup
from mllint.findings import Problem
from mllint.measured import Measured
from mllint.rules import Rule

Find: TypeAlias = Callable[[TrainingSetup, Output, Measured], Iterator[Problem]]
"""What one rule sees in the measurements of one output, whether or not another rule explains it."""

Judge: TypeAlias = Callable[[TrainingSetup], Iterator[Problem]]

FACTS = ("head_loss", "logits", "structure", "labels")
"""The families that judge the facts of an output."""
NOTHING = -1


def unexplained(find: Find, code: str, families: tuple[str, ...] = FACTS) -> Judge:
    """`judge` for the rule of this code: what it finds, less what rules of these families and earlier ones report."""

    def judge(setup: TrainingSetup) -> Iterator[Problem]:
        for output in setup.outputs:
            if output.measured is not None:
                for problem in find(setup, output, output.measured):
                    if problem.severity > _severity_of_causes(setup, output, output.measured, code, families):
                        yield problem

    return judge


def _severity_of_causes(
    setup: TrainingSetup, output: Output, measured: Measured, code: str, families: tuple[str, ...]
) -> int:
    """The worst that is reported of this output already."""
    alone = replace(setup, outputs=(output,))
    problems = [problem for rule in _rules(families) for problem in rule.judge(alone)]
    problems += [problem for earlier, find in _finds() if earlier < code for problem in find(setup, output, measured)]
    return max((int(problem.severity) for problem in problems), default=NOTHING)


@cache
def _rules(families: tuple[str, ...]) -> tuple[Rule, ...]:
    return tuple(module.RULE for family in families for module in _modules(family))


@cache
def _finds() -> tuple[tuple[str, Find], ...]:
    return tuple((module.RULE.code, module.find) for module in _modules("probes"))


def _modules(family: str) -> Iterator[Any]:
    package = importlib.import_module(f"mllint.rules.{family}")
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)
