"""Changes carried out on a copy of the file, which is read again by the same lens and judged by all rules.

Here stands what must hold of every copy: it parses, the same models are seen in it, and nothing that was right became
wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from mllint.crashes import REPORT_IT
from mllint.facts import Place, TrainingSetup
from mllint.findings import Mark, Severity
from mllint.fixes.contents import rewritten
from mllint.fixes.refusal import Refused
from mllint.fixes.text import Conflict, TextEdit, applied, in_order
from mllint.fixes.version import Version
from mllint.repairs import Change
from mllint.source.text.document import UnreadableSource
from mllint.source.text.syntax import parse


@dataclass(frozen=True)
class Trial:
    """What became of the copy."""

    edits: tuple[TextEdit, ...]
    """In offsets of the text before; in order."""
    after: Version


def trial(changes: Sequence[Change], version: Version) -> Trial:
    """Raises Refused where the changes cannot be written, or where the copy is another program than was meant."""
    if not version.is_parsed_whole:
        raise Refused("the parser loses some of the file's text")
    edits = _edits(changes, version)
    after = _read_again(version, edits)
    _check_readings(version, after)
    return Trial(edits, after)


def _edits(changes: Sequence[Change], version: Version) -> tuple[TextEdit, ...]:
    from mllint.fixes.rewriting import edits_for

    try:
        edits = in_order(edits_for(changes, version.insight.lens))
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
        raise Refused("no model would be recognised any more")
    return after


def _parses(text: str) -> bool:
    try:
        parse(text)
    except SyntaxError:
        return False
    return True


def _check_readings(before: Version, after: Version) -> None:
    old, new = before.insight.reading, after.insight.reading
    if len(old.setups) > len(new.setups):
        raise Refused("a model would not be recognised any more")
    if (len(old.setups), len(old.notes)) != (len(new.setups), len(new.notes)):
        raise Refused("the program would be understood differently")
    if after.crashes - before.crashes:
        raise Refused(f"a rule would crash; {REPORT_IT}")


JUDGED: Final = (Severity.WARNING, Severity.ERROR)


def check_nothing_new(before: Version, after: Version) -> None:
    """Raises Refused where a rule finds something with a setup that it did not find before."""
    for old, new, setup in zip(before.verdicts, after.verdicts, after.insight.reading.setups, strict=True):
        for severity in JUDGED:
            more = Counter(verdict.rule.name for verdict in new if verdict.problem.severity >= severity)
            more -= Counter(verdict.rule.name for verdict in old if verdict.problem.severity >= severity)
            if more:
                rule = next(iter(more))
                raise Refused(f"it would bring `{rule}` to {where(setup.place, after)}")


def where(place: Place, version: Version) -> str:
    """A place as users count lines: "line 3 of cell 2", "line 3 of models.py"."""
    at = version.insight.lens.locate(Mark("evidence", place, ""))
    if at.path != version.path:
        return f"line {at.line} of {at.path}"
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
