"""Which repairs may be carried out, and who chooses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from mllint.findings import Finding
from mllint.repairs import Applicability, Repair


@dataclass(frozen=True, slots=True)
class Offer:
    """A repair that was proven, as it is shown to somebody who chooses."""

    repair: Repair
    applicability: Applicability
    """The repair's own, or what the settings make of it."""
    diff: tuple[str, ...]
    """The lines of a unified diff, without newlines."""


class Stop(Exception):
    """Raised by a chooser: nothing more is to be fixed in this file; what was chosen before stays."""


Chooser: TypeAlias = Callable[[Finding, Sequence[Offer]], "Repair | None"]
"""The repair to carry out, out of those offered; None leaves the finding as it is. May raise Stop."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run may do. With a chooser, `levels` says nothing: every proven repair of every level is offered."""

    levels: frozenset[Applicability]
    choose: Chooser | None = None


SAFE: Final = Plan(frozenset({"safe"}))
UNSAFE: Final = Plan(frozenset({"safe", "unsafe"}))


def interactive(choose: Chooser) -> Plan:
    """Somebody decides about every finding."""
    return Plan(frozenset(), choose)
