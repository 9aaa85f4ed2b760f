"""Converts one file, and proves on a copy that the models are what was asked for and all others what they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from mllint.conversion.goals import changes_for, title_of
from mllint.conversion.request import Conversion, Converted, Goal, NotConverted, Request
from mllint.conversion.targets import Target, targets
from mllint.deep_stack import with_deep_stack
from mllint.facts import Unknown
from mllint.findings import Location, Mark
from mllint.fixes.refusal import Refused
from mllint.fixes.trial import Trial, check_nothing_new, facts, trial, where
from mllint.fixes.version import Version
from mllint.repairs import Change
from mllint.results import Rewrite
from mllint.rules.pairing_terms import CannotPair
from mllint.settings import Settings


def convert(source: bytes, path: str, settings: Settings, request: Request) -> Conversion:
    """Either all that is meant is converted, or nothing. Raises NotConverted, and what reading the file raises."""
    return with_deep_stack(lambda: _convert(source, path, settings, request))


def _convert(source: bytes, path: str, settings: Settings, request: Request) -> Conversion:
    before = Version.of(path, source, settings)
    planned = {target: _changes(target, before, request.goal) for target in targets(request, before)}
    changing = {target: changes for target, changes in planned.items() if changes}
    if not changing:
        return Conversion((), None)
    tried = _tried(changing, before)
    _check(planned, before, tried.after, request.goal)
    return Conversion(tuple(_converted(changing, before, request.goal)), Rewrite(path, source, tried.after.source))


def _changes(target: Target, version: Version, goal: Goal) -> Sequence[Change]:
    with _located(target, version):
        return changes_for(*target.of(version), goal)


def _tried(changing: Mapping[Target, Sequence[Change]], before: Version) -> Trial:
    """All changes at once: setups that share a head or labels share the changes of it."""
    together = tuple(dict.fromkeys(change for changes in changing.values() for change in changes))
    with _located(next(iter(changing)), before):
        return trial(together, before)


def _check(planned: Mapping[Target, Sequence[Change]], before: Version, after: Version, goal: Goal) -> None:
    """Raises NotConverted."""
    changed = {target.setup for target, changes in planned.items() if changes}
    for number, (old, new) in enumerate(zip(before.insight.reading.setups, after.insight.reading.setups, strict=True)):
        if number not in changed and facts(old) != facts(new):
            at = _location(Target(number, 0), before)
            raise NotConverted(f"{where(old.place, before)} uses what would change, and is not meant", at)
    for target in planned:
        if _changes(target, after, goal):
            raise NotConverted("the model would not become what was asked for", _location(target, before))
    with _located(next(iter(planned)), before):
        check_nothing_new(before, after)


def _converted(changing: Mapping[Target, Sequence[Change]], before: Version, goal: Goal) -> Iterator[Converted]:
    """Once for each call: one that is reached in several ways is shown as what it becomes in each."""
    found: dict[tuple[Location, str | None, str], Converted] = {}
    for target in changing:
        _, output = target.of(before)
        one = Converted(
            location=_location(target, before),
            output=output.name,
            title=title_of(output, goal),
            labels_unknown=isinstance(output.labels.encoding, Unknown),
        )
        found.setdefault((one.location, one.output, one.title), one)
    yield from sorted(found.values(), key=lambda one: (one.location.cell or 0, one.location.line))


@contextmanager
def _located(target: Target, version: Version) -> Iterator[None]:
    """What cannot be done is said at the call that brings the model together."""
    try:
        yield
    except (CannotPair, Refused) as error:
        raise NotConverted(error.reason, _location(target, version)) from None


def _location(target: Target, version: Version) -> Location:
    setup, _ = target.of(version)
    return version.insight.lens.locate(Mark("evidence", setup.place, ""))
