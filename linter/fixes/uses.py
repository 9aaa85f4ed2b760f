"""Who else uses the text that is edited: hidden layers, other models, anything that the facts do not speak of.

A constant, a factory or a loop may serve more than the setups that are to change. The program is run on both texts, and
what it passes to libraries is compared, call by call: only the calls that the changes name may be given something else,
and no more often than the setups that are to change need.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass
from typing import Any

from mllint.facts import Place, TrainingSetup
from mllint.fixes.refusal import Refused
from mllint.fixes.text import TextEdit, moved
from mllint.fixes.trial import where
from mllint.fixes.version import Version
from mllint.repairs import Change
from mllint.source.program.observer import Given, Passed


def check_uses(
    changes: Sequence[Change],
    edits: Sequence[TextEdit],
    setups: Sequence[TrainingSetup],
    before: Version,
    after: Version,
) -> None:
    """Raises Refused where the edits reach more than the changes of these setups name; a setup stands there once for
    each of its outputs that is to change."""
    differing = Counter(passed.node for passed, now in _aligned(edits, before, after) if _differs(passed, now))
    meant = [*_spans((tuple(changes), tuple(setup.place for setup in setups)), before)]
    meant += [(before.path, edit.start, edit.end) for edit in edits]
    times = _times(setups)
    for node, count in differing.items():
        path, start, end = before.insight.lens.stretch(node)
        line = where(Place(path, node), before)
        if not any(file == path and start <= first and last <= end for file, first, last in meant):
            raise Refused(f"{line} uses it too, for something else")
        if count > times:
            raise Refused(f"{line} is run for something else too")


def _times(setups: Sequence[TrainingSetup]) -> int:
    """How often the program comes to these setups; those that differ in assumptions alone are one."""
    alike = Counter((setup.place, setup.called_from, setup.assumptions) for setup in setups)
    most: dict[object, int] = {}
    for (place, called_from, _), count in alike.items():
        most[place, called_from] = max(count, most.get((place, called_from), 0))
    return sum(most.values())


def _spans(facts: Any, version: Version) -> Iterator[tuple[str, int, int]]:
    """Where every place in changes, and in the facts that they name, lies: file, start and end."""
    if isinstance(facts, Place):
        with suppress(KeyError):  # what nobody wrote lies nowhere
            yield version.insight.lens.stretch(facts.anchor)
    elif is_dataclass(facts):
        for field in fields(facts):
            yield from _spans(getattr(facts, field.name), version)
    elif isinstance(facts, tuple):
        for one in facts:
            yield from _spans(one, version)


# ---------------------------------------------------------------- calls before and after


def _aligned(edits: Sequence[TextEdit], before: Version, after: Version) -> Iterator[tuple[Passed, Passed]]:
    """The calls of both texts outside the edits, pair by pair. Raises Refused where they are not the same ones."""
    replaced = [(edit.start, edit.end) for edit in edits]
    old = [
        (path, moved(start, edits) if path == before.path else start, passed)
        for path, start, passed in _calls(before, replaced)
    ]
    new = list(_calls(after, list(_inserted(edits))))
    if [(path, start) for path, start, _ in old] != [(path, start) for path, start, _ in new]:
        raise Refused("the program would run differently")
    for (_, _, passed), (_, _, now) in zip(old, new, strict=True):
        yield passed, now


def _calls(version: Version, edited: Sequence[tuple[int, int]]) -> Iterator[tuple[str, int, Passed]]:
    """The calls whose name is not edited, with its file and the offset where it begins."""
    lens = version.insight.lens
    for passed in lens.passed:
        try:
            path, start, end = lens.stretch(passed.node.func)
        except KeyError:
            continue  # a call that nobody wrote
        if path != version.path or not any(first < end and start < last for first, last in edited):
            yield path, start, passed


def _inserted(edits: Sequence[TextEdit]) -> Iterator[tuple[int, int]]:
    """Where the new text of each edit lies afterwards."""
    shift = 0
    for edit in sorted(edits):
        start = edit.start + shift
        yield start, start + len(edit.text)
        shift += len(edit.text) - (edit.end - edit.start)


def _differs(before: Passed, after: Passed) -> bool:
    """Whether another number, string or name of a library is passed."""
    if len(before.positional) != len(after.positional) or dict(before.keywords).keys() != dict(after.keywords).keys():
        return True
    keywords = dict(after.keywords)
    pairs = [*zip(before.positional, after.positional, strict=True)]
    pairs += [(given, keywords[name]) for name, given in before.keywords]
    return any(_is_other(given, now) for given, now in pairs)


def _is_other(before: Given, after: Given) -> bool:
    if isinstance(before, tuple) and isinstance(after, tuple):
        return len(before) != len(after) or any(map(_is_other, before, after))
    return isinstance(before, str) and before != after
