"""A comment means to silence something, but cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem
from mllint.rules import Rule


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    """Nothing: the engine reports this rule for the file's comments, whatever the setups."""
    yield from ()


RULE = Rule(
    code="MLL902",
    summary="a comment means to silence something, but cannot be read",
    since="0.1.0",
    judge=judge,
)
