"""A data file as its format parsed it: values, each with its place in the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import libcst as cst

DEEPEST: Final = 50
"""Levels of nesting."""
MOST: Final = 2_000
"""Values in a file; one with more holds data."""


class Unreadable(Exception):
    """The text is not of its format, or goes too far."""


@dataclass(frozen=True, slots=True)
class Undetermined:
    """A value that is something else than a string, a number, a truth value or null: a date, a placeholder."""


Content: TypeAlias = "str | int | float | bool | Undetermined | tuple[Part, ...] | Mapping[Any, Part] | None"


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """One value: a scalar, a list or a mapping, and where it lies in the text, in code points."""

    content: Content
    start: int
    end: int
    node: cst.CSTNode = field(init=False)
    """Stands for this place, as a node of Python does for its own."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "node", cst.SimpleString("''"))

    def all(self) -> Iterator[Part]:
        """Itself and every part below it."""
        found = [self]
        for part in found:
            yield part
            if isinstance(part.content, tuple):
                found.extend(part.content)
            elif isinstance(part.content, Mapping):
                found.extend(part.content.values())
