"""Conditions of the program, and what they say about each other.

`if n == 2:` at two places is one condition as long as n is the same value at both: so values that were chosen by the
same condition stay correlated.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from mllint.source.program.values import Choice, Missing, Value


@dataclass(frozen=True, slots=True)
class Condition:
    """`subject` is what is tested; `constant` what it is compared with (None for plain truth)."""

    subject: Hashable
    constant: Hashable
    text: str = field(compare=False)
    depends_on: tuple[Value, ...] = field(compare=False, default=())
    """The values read by the condition: held here so that their identities stay unique."""


World = Mapping[Condition, bool]

Decision = bool | tuple[Condition, bool]
"""A truth value, or a condition and the polarity under which the tested expression is true."""


class Undecided(Exception):
    """Raised where a value depends on a condition that the world does not decide."""

    def __init__(self, condition: Condition) -> None:
        super().__init__(condition.text)
        self.condition = condition


def decided(condition: Condition, world: World) -> bool | None:
    """Whether the condition holds in the world; None where the world leaves it open."""
    if condition in world:
        return world[condition]
    if condition.constant is not None:
        for other, holds in world.items():
            if holds and other.subject == condition.subject and other.constant is not None:
                return False
    return None


def choose(condition: Condition, then: Value, otherwise: Value) -> Value:
    """A choice, unless both sides are the same value."""
    return then if then is otherwise else Choice(None, condition, then, otherwise)


def resolve(value: Value, world: World) -> Value:
    """The value in the world.

    Raises Undecided where the world does not say.
    """
    while isinstance(value, Choice):
        holds = decided(value.condition, world)
        if holds is None:
            raise Undecided(value.condition)
        value = value.then if holds else value.otherwise
    return value


def simplify(value: Value, world: World) -> Value:
    """The value as far as the world decides it."""
    while isinstance(value, Choice):
        holds = decided(value.condition, world)
        if holds is None:
            return value
        value = value.then if holds else value.otherwise
    return value


def alternatives(value: Value) -> Iterable[Value]:
    """Every value a choice may come to, once: choices share their sides."""
    if not isinstance(value, Choice):
        return (value,)
    found: dict[Value, None] = {}
    left: list[Value] = [value]
    while left:
        one = left.pop()
        if one in found:
            continue
        found[one] = None
        if isinstance(one, Choice):
            left += (one.otherwise, one.then)
    return [one for one in found if not isinstance(one, Choice)]


NOT_ASSIGNED = Missing(None, "not assigned on every path")
