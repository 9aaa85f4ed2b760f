"""A finding: what is wrong, at which places, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, TypeAlias

from mllint.facts import Place

Role: TypeAlias = Literal["head", "loss", "labels", "metric", "decoding", "evidence"]


class Severity(IntEnum):
    """A fact about the world, taken from measurement.

    ERROR: cannot work (constant output, zero gradient, crash, NaN, a loss that means something else).
    WARNING: trains but measurably worse, or reports a wrong figure.
    INFO: debatable; shown with --pedantic.
    """

    INFO = 0
    WARNING = 1
    ERROR = 2

    @property
    def label(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Mark:
    """A place of a finding with what is to be said about it there."""

    role: Role
    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule reports: the verdict without rule name and code, which the registry knows.

    `marks` starts with the primary one: the place to change. `message` starts in lower case, has no final full stop,
    and states the consequence. `help` holds one line per way out, best first.
    """

    severity: Severity
    message: str
    marks: tuple[Mark, ...]
    help: tuple[str, ...] = ()

    @property
    def primary(self) -> Mark:
        return self.marks[0]


@dataclass(frozen=True, slots=True)
class Location:
    """A mark turned into lines and columns: 1-based, columns in code points, `end_column` exclusive.

    In a notebook `line` counts within the code cell and `cell` is the cell's 1-based number among all cells.
    """

    role: Role
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A located problem, ready to be reported. The first location is the primary one."""

    rule: str
    code: str
    severity: Severity
    message: str
    locations: tuple[Location, ...]
    help: tuple[str, ...] = ()

    @property
    def primary(self) -> Location:
        return self.locations[0]
