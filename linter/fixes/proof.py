"""Whether a repair does what it promises: it is carried out on a copy of the file, and the copy is read again.

The copy is read by the same lens and judged by all rules. The repair stands only if the problem is gone wherever it
was, nothing that was right became wrong, and models that did not have the problem mean what they meant before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from mllint.deep_stack import with_deep_stack
from mllint.facts import Place, TrainingSetup
from mllint.findings import Finding, Mark, Severity
from mllint.fixes.contents import rewritten
from mllint.fixes.refusal import Refused
from mllint.fixes.text import Conflict, TextEdit, applied, in_order
from mllint.fixes.version import Version
from mllint.judging import REPORT_IT, one_line
from mllint.repairs import Repair, SetLabels
from mllint.source.text.document import UnreadableSource
from mllint.source.text.syntax import parse


@dataclass(frozen=True)
class Proof:
    """A repair that stands."""

    repair: Repair
    edits: tuple[TextEdit, ...]
    """In offsets of the text before; in order."""
    after: Version


def prove(repair: Repair, finding: Finding, version: Version) -> Proof:
    """Carries the repair out on a copy. Raises Refused where it does not stand, whatever the reason."""
    try:
        return with_deep_stack(lambda: _prove(repair, finding, version))
    except Refused:
        raise
    except Exception as error:
        raise Refused(f"carrying it out crashed: {one_line(error)}; {REPORT_IT}") from error


def _prove(repair: Repair, finding: Finding, version: Version) -> Proof:
    lens = version.insight.lens
    if lens.module.code != version.document.text:
        raise Refused("LibCST does not give the file back as it is")
    edits = _edits(repair, version)
    after = _read_again(version, edits)
    _check(finding, repair, version, after)
    return Proof(repair, edits, after)


def _edits(repair: Repair, version: Version) -> tuple[TextEdit, ...]:
    from mllint.fixes.rewriting import edits_for

    try:
        edits = in_order(edits_for(repair.changes, version.insight.lens))
    except Conflict:
        raise Refused("its changes concern the same text") from None
    text = version.document.text
    edits = tuple(edit for edit in edits if text[edit.start : edit.end] != edit.text)
    if not edits:
        raise Refused("it would change nothing")
    return edits


def _read_again(version: Version, edits: Sequence[TextEdit]) -> Version:
    source = rewritten(version.document, version.source, edits)
    expected = applied(version.document.text, edits)
    try:
        after = Version.of(version.path, source, version.settings)
    except UnreadableSource as error:
        raise Refused(f"the file would not parse any more: {error.message}") from error
    if after.document.text != expected:
        raise Refused("the file would read differently outside the change")
    if _parses(version.document.text) and not _parses(expected):
        raise Refused("the file would not parse any more")
    if after.examination.insight is None:
        raise Refused("no model would be seen any more")
    return after


def _parses(text: str) -> bool:
    try:
        parse(text)
    except SyntaxError:
        return False
    return True


# ---------------------------------------------------------------- what the copy says


def _check(finding: Finding, repair: Repair, before: Version, after: Version) -> None:
    """Raises Refused."""
    _check_readings(before, after)
    affected = _affected(finding, before)
    sets_labels = any(isinstance(change, SetLabels) for change in repair.changes)
    for index, (old, new) in enumerate(zip(before.insight.reading.setups, after.insight.reading.setups, strict=True)):
        if index not in affected and facts(old) != facts(new):
            raise Refused(_shared(index, affected, before))
        if index in affected and not sets_labels and _labels(old) != _labels(new):
            raise Refused("what is known of the labels would change")
    _check_problem_is_gone(finding, affected, before, after)
    _check_nothing_new(before, after)


def _check_readings(before: Version, after: Version) -> None:
    old, new = before.insight.reading, after.insight.reading
    if (len(old.setups), len(old.notes)) != (len(new.setups), len(new.notes)):
        raise Refused("the program would be understood differently")
    if after.crashes - before.crashes:
        raise Refused(f"a rule would crash; {REPORT_IT}")


def _affected(finding: Finding, before: Version) -> dict[int, int]:
    """The setups that have the problem at the finding's place, with the number of its verdicts there."""
    cause = before.cause(finding)
    assert cause is not None, "a finding with a repair states a verdict"
    place = before.place(cause)
    found: dict[int, int] = {}
    for index, verdicts in enumerate(before.verdicts):
        count = sum(verdict.rule.name == finding.rule and before.place(verdict) == place for verdict in verdicts)
        if count:
            found[index] = count
    return found


def _check_problem_is_gone(finding: Finding, affected: dict[int, int], before: Version, after: Version) -> None:
    for index, count in affected.items():
        was, remains = (
            sum(verdict.rule.name == finding.rule for verdict in version.verdicts[index]) for version in (before, after)
        )
        if remains > was - count:
            raise Refused("the problem would still be there")


JUDGED: Final = (Severity.WARNING, Severity.ERROR)


def _check_nothing_new(before: Version, after: Version) -> None:
    for old, new, setup in zip(before.verdicts, after.verdicts, after.insight.reading.setups, strict=True):
        for severity in JUDGED:
            more = Counter(verdict.rule.name for verdict in new if verdict.problem.severity >= severity)
            more -= Counter(verdict.rule.name for verdict in old if verdict.problem.severity >= severity)
            if more:
                rule = next(iter(more))
                raise Refused(f"it would bring `{rule}` to {_where(setup.place, after)}")


def _shared(index: int, affected: dict[int, int], before: Version) -> str:
    """The reason to leave alone what a setup without the problem uses too."""
    setups = before.insight.reading.setups
    setup = setups[index]
    routes = {place for one in affected for place in (setups[one].place, *setups[one].called_from)}
    own = next((place for place in (setup.place, *reversed(setup.called_from)) if place not in routes), None)
    if own is None:
        return f"{_where(setup.place, before)} uses it under other conditions too, without the problem"
    return f"{_where(own, before)} uses it too, without the problem"


def _where(place: Place, version: Version) -> str:
    at = version.insight.lens.locate(Mark("evidence", place, ""))
    return f"line {at.line}" if at.cell is None else f"line {at.line} of cell {at.cell}"


# ---------------------------------------------------------------- facts, wherever they are written


def facts(setup: TrainingSetup) -> object:
    """All that rules judge of a setup."""
    return without_places(
        (
            setup.via, setup.outputs, setup.framework, setup.run_eagerly, setup.identifiers, setup.structure,
            setup.swap, setup.fits,
        )
    )  # fmt: skip


def _labels(setup: TrainingSetup) -> object:
    return without_places(tuple(output.labels for output in setup.outputs))


def without_places(fact: Any) -> object:
    """A fact in a form that compares equal wherever the fact was read: places are left out, and what is neither a fact
    nor a plain value counts by its type."""
    if fact is None or isinstance(fact, Place):
        return None
    if is_dataclass(fact) and type(fact).__module__ == TrainingSetup.__module__:
        return type(fact).__name__, tuple(without_places(getattr(fact, field.name)) for field in fields(fact))
    if isinstance(fact, tuple | list):
        return tuple(map(without_places, fact))
    if isinstance(fact, str | bytes | int | float | complex | bool):
        return type(fact).__name__, repr(fact)  # so that nan is nan, and 1 is not True
    return type(fact).__name__
