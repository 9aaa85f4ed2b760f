"""What may be said of a place that the program reaches in several ways.

One place can give several setups that differ in the conditions taken on the way. Conditions that the program never
tests together may well belong together (`if n == 2: loss = …`, `if binary: head = …`), so a combination of two of
them proves nothing. A verdict stands if it holds in every such world, or in all worlds where one single condition
has one value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from mllint.facts import Place, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.registry import RegisteredRule

Route: TypeAlias = "tuple[Place, tuple[Place, ...]]"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule's problem with one setup."""

    rule: RegisteredRule
    setup: TrainingSetup
    problem: Problem


@dataclass(frozen=True, slots=True)
class Settled:
    """The verdicts that stand, with the severity that holds throughout; and those that need a combination."""

    kept: tuple[Verdict, ...]
    dropped: tuple[Verdict, ...]


def settle(setups: Iterable[TrainingSetup], verdicts: Iterable[Verdict]) -> Settled:
    """One verdict for each rule and primary place on each route."""
    worlds: dict[Route, list[TrainingSetup]] = defaultdict(list)
    for setup in setups:
        worlds[_route(setup)].append(setup)
    alike: dict[tuple[Route, str, Place], list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        alike[_route(verdict.setup), verdict.rule.name, verdict.problem.primary.place].append(verdict)
    kept: list[Verdict] = []
    dropped: list[Verdict] = []
    for (route, _, _), group in alike.items():
        severity = _severity(worlds[route], group)
        if severity is None:
            dropped.append(group[0])
        else:
            kept.append(_with_severity(group, severity))
    return Settled(tuple(kept), tuple(dropped))


def _route(setup: TrainingSetup) -> Route:
    return setup.place, setup.called_from


def _severity(worlds: Sequence[TrainingSetup], verdicts: Sequence[Verdict]) -> Severity | None:
    """The highest severity that holds in all worlds of some telling group; None where the verdict holds in no group."""
    found: dict[int, Severity] = {}
    for verdict in verdicts:
        key = id(verdict.setup)
        found[key] = max(verdict.problem.severity, found.get(key, Severity.INFO))
    throughout = (
        min(found[id(world)] for world in group)
        for group in _telling_groups(worlds)
        if all(id(world) in found for world in group)
    )
    return max(throughout, default=None)


def _telling_groups(worlds: Sequence[TrainingSetup]) -> Iterator[Sequence[TrainingSetup]]:
    yield worlds
    for assumption in dict.fromkeys(assumption for world in worlds for assumption in world.assumptions):
        yield [world for world in worlds if assumption in world.assumptions]


def _with_severity(verdicts: Sequence[Verdict], severity: Severity) -> Verdict:
    """The first verdict of this severity; a lower one is possible where no world has all of it."""
    fitting = next((verdict for verdict in verdicts if verdict.problem.severity == severity), verdicts[0])
    return replace(fitting, problem=replace(fitting.problem, severity=severity))
