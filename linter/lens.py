"""What every lens gives, whatever it looks at: training setups, and where their facts are to be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from mllint.facts import Place, Task, TrainingSetup
from mllint.findings import Location, Mark


@dataclass(frozen=True, slots=True)
class Note:
    """A training site that no setup could be made for; the reason completes "not judged: …"."""

    place: Place
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the lens saw."""

    setups: tuple[TrainingSetup, ...]
    notes: tuple[Note, ...] = ()


class Lens(Protocol):
    """Looks at one file, saved model or live model."""

    def read(self, task: Task | None = None) -> Reading:
        """The setups, and what could not be followed; `task` is believed where nothing says more."""

    def locate(self, mark: Mark) -> Location:
        """Where users see the place of a mark that this lens made."""
