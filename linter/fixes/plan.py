"""Which repairs may be carried out, and who chooses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from mllint import registry
from mllint.findings import Finding
from mllint.repairs import Applicability, Repair
from mllint.settings import Settings


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


# ---------------------------------------------------------------- what the settings make of a rule's repairs


def is_fixable(rule: str, settings: Settings) -> bool:
    """Whether the settings let findings of the rule be fixed."""
    return rule in registry.selected(settings.fixable, (), settings.unfixable)


def applicability(rule: str, repair: Repair, settings: Settings) -> Applicability:
    """The repair's level. Where settings make a rule's fixes both safe and unsafe, the more specific selector wins,
    at the same level unsafe. A suggestion stays one: which way is right is the author's to say."""
    if repair.applicability == "suggestion":
        return "suggestion"
    if rule in registry.selected(settings.extend_safe_fixes, (), settings.extend_unsafe_fixes):
        return "safe"
    if rule in registry.selected(settings.extend_unsafe_fixes, (), settings.extend_safe_fixes):
        return "unsafe"
    return repair.applicability
