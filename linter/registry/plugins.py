"""Rules of other distributions: the packages that the entry point group `mllint.rules` names.

A plugin that cannot be used is left out whole, and said: its mistakes cost nobody the rules of mllint.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mllint.registry.packages import RegisteredRule, clash, walk
from mllint.results import Diagnostic

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP: Final = "mllint.rules"
CODE: Final = re.compile(r"[A-Z]{2,}\d+")
OWN_PREFIX: Final = "MLL"


class BrokenPlugin(Exception):
    """A plugin that cannot be used; `str` says why."""


@dataclass(frozen=True, slots=True)
class Plugins:
    """What is installed beside mllint."""

    rules: tuple[RegisteredRule, ...]
    """By plugin and code."""
    broken: tuple[Diagnostic, ...]
    """Why a plugin was left out, one for each."""


def packages() -> tuple[str, ...]:
    """The top-level packages that hold plugins."""
    return tuple(dict.fromkeys(point.module.partition(".")[0] for point in _entry_points()))


def _are_named() -> bool:
    """Whether the metadata of any distribution speak of plugins."""
    return any(GROUP.encode() in points for place in sys.path for points in _points_below(place or "."))


def _points_below(place: str) -> Iterator[bytes]:
    """The entry points of the distributions in a directory; the name of the group where only importlib can look."""
    with suppress(OSError):
        for name in os.listdir(place) if not os.path.isfile(place) else ("archive.egg",):
            if name.endswith(".egg"):
                yield GROUP.encode()
            elif name.endswith((".dist-info", ".egg-info")):
                with suppress(OSError):
                    yield Path(place, name, "entry_points.txt").read_bytes()


def installed(own: Sequence[RegisteredRule]) -> Plugins:
    """The plugins of this environment, whose rules may clash with no rule of mllint's `own`."""
    rules: list[RegisteredRule] = []
    broken: list[Diagnostic] = []
    for point in _entry_points():
        try:
            rules += _rules(point, [*own, *rules])
        except BrokenPlugin as reason:
            broken.append(Diagnostic(f"plugin {_title(point)}", f"its rules are left out: {reason}"))
    return Plugins(tuple(rules), tuple(broken))


@cache
def _entry_points() -> tuple[EntryPoint, ...]:
    """Each once: a path that is searched twice has them twice. Where there are none, nothing is imported to see it."""
    if not _are_named():
        return ()
    from importlib.metadata import entry_points

    return tuple(sorted(set(entry_points(group=GROUP)), key=lambda point: (_title(point), point.value)))


def _rules(point: EntryPoint, others: list[RegisteredRule]) -> list[RegisteredRule]:
    """The rules of one plugin, by code. Raises BrokenPlugin."""
    try:
        found = sorted(walk(point.module, _title(point)), key=lambda rule: rule.code)
    except (Exception, SystemExit) as error:
        text = " ".join(f"{type(error).__name__}: {error}".split())
        raise BrokenPlugin(f"importing {point.module} fails: {text}") from error
    for mistake in _mistakes(point.module, found, others):
        raise BrokenPlugin(mistake)
    return found


def _mistakes(package: str, found: list[RegisteredRule], others: list[RegisteredRule]) -> Iterator[str]:
    if not found:
        yield f"no module in the family packages of {package} holds a RULE"
    for rule in found:
        if not isinstance(rule.code, str) or not CODE.fullmatch(rule.code):
            yield f"the code of {rule.module} is {rule.code!r}, not two or more capital letters and a number"
        if rule.code.startswith(OWN_PREFIX):
            yield f"the code of {rule.module} is {rule.code}: codes that begin with {OWN_PREFIX} are mllint's own"
    same = clash([*others, *found])
    if same is not None:
        yield same


def _title(point: EntryPoint) -> str:
    """The distribution, with its version, or the entry point's own name where nothing tells it."""
    return f"{point.dist.name} {point.dist.version}" if point.dist is not None else point.name
