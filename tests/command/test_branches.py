"""What may be said of a place that the program reaches in several ways."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mllint.facts import Assumption, Known, Place, TrainingSetup, Unknown
from mllint.findings import Mark, Problem, Severity
from mllint.judging.branches import Verdict, settle
from mllint.registry import RegisteredRule
from mllint.rules import Rule

RULE = RegisteredRule("a-rule", "family", "module", Rule("MLL999", "", "0", lambda setup: iter(())))
COMPILE = Place("x.py", "compile")
HEAD = Place("x.py", "head")


def world(called_from: tuple[Place, ...] = (), **conditions: bool) -> TrainingSetup:
    assumptions = tuple(Assumption(name, holds) for name, holds in conditions.items())
    return TrainingSetup(
        "x.py",
        COMPILE,
        "compile",
        (),
        Unknown("not looked at"),
        Known(False),
        called_from=called_from,
        assumptions=assumptions,
    )


def verdict(setup: TrainingSetup, severity: Severity = Severity.ERROR, at: Place = HEAD) -> Verdict:
    return Verdict(RULE, setup, Problem(severity, "it is wrong", (Mark("head", at, ""),)))


def kept(worlds, guilty) -> bool:
    settled = settle(worlds, [verdict(setup) for setup in guilty])
    assert len(settled.kept) + len(settled.dropped) == bool(guilty)
    return bool(settled.kept)


def test_without_conditions_every_verdict_stands():
    only = world()
    assert kept([only], [only])


def test_one_condition_is_enough():
    yes, no = world(a=True), world(a=False)
    assert kept([yes, no], [yes])
    assert kept([yes, no], [yes, no])


def test_a_combination_of_two_conditions_proves_nothing():
    both, first, second, neither = (world(a=a, b=b) for a, b in product([True, False], repeat=2))
    worlds = [both, first, second, neither]
    assert not kept(worlds, [both])
    assert not kept(worlds, [first, second])
    assert kept(worlds, [both, first])
    assert kept(worlds, [both, first, second])
    assert kept(worlds, worlds)


def test_a_nested_condition_is_one_condition():
    inner, other, outer = world(a=True, b=True), world(a=True, b=False), world(a=False)
    assert kept([inner, other, outer], [inner])


def test_each_call_of_a_factory_is_a_route_of_its_own():
    here, there = world((Place("x.py", "call 1"),)), world((Place("x.py", "call 2"),))
    assert kept([here, there], [here])


def test_a_verdict_at_another_place_is_another_verdict():
    yes, no = world(a=True, b=True), world(a=True, b=False)
    settled = settle([yes, no], [verdict(yes, at=HEAD), verdict(no, at=COMPILE)])
    assert len(settled.kept) == 2


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        ((Severity.ERROR, Severity.WARNING), Severity.ERROR),  # an error wherever `a` holds
        ((Severity.WARNING, Severity.WARNING), Severity.WARNING),
        ((Severity.INFO, Severity.ERROR), Severity.ERROR),
    ],
)
def test_the_severity_is_one_that_some_single_condition_guarantees(severities, expected):
    worlds = [world(a=True), world(a=False)]
    settled = settle(worlds, [verdict(*pair) for pair in zip(worlds, severities, strict=True)])
    assert [item.problem.severity for item in settled.kept] == [expected]


def test_a_severity_that_needs_a_combination_is_lowered():
    worlds = [world(a=a, b=b) for a, b in product([True, False], repeat=2)]
    severities = [Severity.ERROR, Severity.WARNING, Severity.WARNING, Severity.WARNING]
    settled = settle(worlds, [verdict(*pair) for pair in zip(worlds, severities, strict=True)])
    assert [item.problem.severity for item in settled.kept] == [Severity.WARNING]


@given(st.lists(st.booleans(), min_size=8, max_size=8))
def test_over_three_free_conditions_only_whole_half_spaces_stand(guilty):
    worlds = [world(a=a, b=b, c=c) for a, b, c in product([True, False], repeat=3)]
    chosen = [setup for setup, is_guilty in zip(worlds, guilty, strict=True) if is_guilty]
    halves = [
        [setup for setup in worlds if literal in setup.assumptions]
        for literal in {a for w in worlds for a in w.assumptions}
    ]
    assert kept(worlds, chosen) == any(all(setup in chosen for setup in half) for half in halves)
