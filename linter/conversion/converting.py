"""Converts one file, and proves on a copy that the models are what was asked for and all others what they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from mllint.conversion.goals import changes_for, title_of
from mllint.conversion.naming import names
from mllint.conversion.request import Conversion, Converted, Goal, NotConverted, Request
from mllint.conversion.targets import Target, targets
from mllint.facts import Unknown
from mllint.findings import Location, Mark
from mllint.fixes.refusal import Refused
from mllint.fixes.trial import Trial, check_nothing_new, facts, trial, where
from mllint.fixes.uses import check_uses
from mllint.fixes.version import Version
from mllint.processes.deep_stack import with_deep_stack
from mllint.repairs import Change
from mllint.results import Rewrite
from mllint.rules.repairing.terms import CannotPair
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
    after = _tried(changing, before).after
    _check(planned, before, after, request.goal)
    after = _named(planned, before, after, request.goal)
    return Conversion(tuple(_converted(changing, before, request.goal)), Rewrite(path, source, after.source))


def _changes(target: Target, version: Version, goal: Goal) -> Sequence[Change]:
    with _located(target, version):
        return changes_for(*target.of(version), goal)


def _tried(changing: Mapping[Target, Sequence[Change]], before: Version) -> Trial:
    """All changes at once: setups that share a head or labels share the changes of it."""
    together = tuple(dict.fromkeys(change for changes in changing.values() for change in changes))
    setups = [target.of(before)[0] for target in changing]
    with _located(next(iter(changing)), before):
        tried = trial(together, before)
        check_uses(together, tried.edits, setups, before, tried.after)
        return tried


def _named(planned: Mapping[Target, Sequence[Change]], before: Version, after: Version, goal: Goal) -> Version:
    """Strings in place of objects, one after the other, wherever they can be written and mean the same."""
    passed_over = 0
    while True:
        todo = tuple(dict.fromkeys(change for target in planned for change in _names(target, before, after)))
        if len(todo) <= passed_over:
            return after
        try:
            named = trial((todo[passed_over],), after).after
            _check(planned, before, named, goal)
            after = named
        except (Refused, NotConverted):
            passed_over += 1


def _names(target: Target, before: Version, after: Version) -> Iterator[Change]:
    return names(target.of(before)[1], target.of(after)[1], after)


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
    for target, changes in changing.items():
        _, output = target.of(before)
        one = Converted(
            location=_location(target, before),
            output=output.name,
            title=title_of(output, goal, changes),
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
