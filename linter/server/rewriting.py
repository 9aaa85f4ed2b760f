"""Asked of a worker: what could be written in place of a document. Everything that is offered was tried and proven."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mllint import engine
from mllint.results import Diagnostic
from mllint.server.subject import Subject, among_open_documents, anchor, findings, understood
from mllint.settings import SettingsError

if TYPE_CHECKING:
    from mllint.conversion.request import Goal
    from mllint.findings import Finding, Location
    from mllint.fixes.version import Version


@dataclass(frozen=True, slots=True)
class Here:
    """Lines of a document, 1-based, both included; in a notebook those of a cell."""

    first: int
    last: int
    cell: int | None = None

    def meets(self, at: Location, path: str) -> bool:
        is_in_part = (at.path, at.cell) == (path, self.cell)
        return is_in_part and at.line <= self.last and self.first <= at.end_line


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be done about one finding."""

    finding: Finding
    """With all repairs of it that stand."""
    silenced: bytes | None
    """The document with a comment that silences the finding; None where there is no place for one."""


@dataclass(slots=True)
class _Proven:
    """The offers of one version, which editors ask for again and again while the cursor moves."""

    version: Version | None = None
    offers: dict[Finding, Offer] = field(default_factory=dict)

    def of(self, version: Version) -> dict[Finding, Offer]:
        if self.version is not version:
            self.version, self.offers = version, {}
        return self.offers


_proven = _Proven()


@among_open_documents
def offers(subject: Subject, here: Here) -> tuple[Offer, ...]:
    """For each finding on some lines."""
    version = understood(subject)
    return tuple(_offers(subject, version, here)) if version else ()


def _offers(subject: Subject, version: Version, here: Here) -> Iterator[Offer]:
    proven = _proven.of(version)
    for finding in findings(version):
        at = anchor(finding, subject.path)
        if at is not None and here.meets(at, subject.path):
            if finding not in proven:
                proven[finding] = _offer(subject, version, finding)
            yield proven[finding]


def _offer(subject: Subject, version: Version, finding: Finding) -> Offer:
    from mllint.fixes.offers import fixes_of

    ignored = engine.ignore_source(subject.source, subject.path, version.settings, [finding], "")
    silenced = ignored.rewrite.after if ignored.rewrite and ignored.applied else None
    return Offer(replace(finding, fixes=tuple(fixes_of(finding, version))), silenced)


@among_open_documents
def fix_all(subject: Subject) -> bytes | None:
    """The document after all that `mllint --fix` would do; None where that is nothing."""
    from mllint.fixes.plan import SAFE, UNSAFE

    try:
        settings = subject.settings()
    except SettingsError:
        return None
    if settings is None:
        return None
    plan = UNSAFE if settings.unsafe_fixes else SAFE
    fixed = engine.fix_source(subject.source, subject.path, settings, plan)
    return fixed.rewrite.after if fixed.rewrite else None


@among_open_documents
def convertible(subject: Subject, here: Here) -> bool:
    """Whether a model is brought together, scored or made on some lines."""
    version = understood(subject)
    return version is not None and any(_sites(version, here))


def _sites(version: Version, here: Here) -> Iterator[bool]:
    from mllint.findings import Mark

    insight = version.examination.insight
    for setup in insight.reading.setups if insight else ():
        for place in (setup.place, *(place for one in setup.outputs for place in (one.head.place, one.loss.place))):
            if insight and place is not None:
                at = insight.lens.locate(Mark("evidence", place, ""))
                yield here.meets(at, version.path)


@among_open_documents
def convert(subject: Subject, here: Here, goal: Goal) -> bytes | str | None:
    """The document with the model of a line converted; None where it is that already, a sentence where it cannot be."""
    from mllint.conversion.request import Request

    try:
        settings = subject.settings()
    except SettingsError as error:
        return error.message
    if settings is None:
        return None
    request = Request(goal, here.first, here.cell)
    converted = engine.convert_source(subject.source, subject.path, settings, request)
    if isinstance(converted, Diagnostic):
        return converted.message
    return converted.rewrite.after if converted.rewrite else None
