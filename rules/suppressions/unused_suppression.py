"""A comment silences a rule that has nothing to report there."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem
from mllint.rules import Rule


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    """Nothing: the engine reports this rule for the file's comments, whatever the setups."""
    yield from ()


RULE = Rule(
    code="MLL901",
    summary="a comment silences a rule that has nothing to report there",
    since="0.1.0",
    judge=judge,
)
