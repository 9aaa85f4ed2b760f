"""A finding: what is wrong, at which places, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:  # they take long to import, and most runs find nothing
    from mllint.facts import Place
    from mllint.repairs import Applicability, Repair

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
    repairs: tuple[Repair, ...] = ()
    """Ways out that can be carried out, best first; of several only the author may choose."""

    @property
    def primary(self) -> Mark:
        return self.marks[0]


@dataclass(frozen=True, slots=True)
class Location:
    """A mark turned into lines and columns: 1-based, columns in code points, `end_column` exclusive.

    In a notebook `line` counts within the code cell and `cell` is the cell's 1-based number among all cells.
    In a saved or live model there are no lines: `part` says what of it is meant, and line and column are 1.
    """

    role: Role
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    cell: int | None = None
    part: str | None = None
    """Layer or setting of a saved or live model: "layer dense_1", "compile_config.loss"; None for source."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement of text, in the positions of `Location`; an empty span inserts."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Fix:
    """A repair that was carried out on a copy of the file, read again and found right."""

    title: str
    applicability: Applicability
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A located problem, ready to be reported. The first location is the primary one."""

    rule: str
    """The name: one-unit-softmax."""
    code: str
    severity: Severity
    message: str
    """What is wrong and what comes of it, in lower case and without a full stop."""
    locations: tuple[Location, ...]
    help: tuple[str, ...] = ()
    """One line for each way out, best first."""
    fixes: tuple[Fix, ...] = ()
    """Filled where they were asked for; best first."""
    is_repairable: bool = False
    """Whether its rule names repairs; whether one of them stands is known when it was tried."""

    @property
    def primary(self) -> Location:
        return self.locations[0]
