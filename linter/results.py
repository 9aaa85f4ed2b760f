"""What linting gives back: per file the findings, what was not judged, and what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from mllint.findings import Finding, Location, Severity

if TYPE_CHECKING:
    from mllint.facts import TrainingSetup
    from mllint.repairs import Applicability

Line: TypeAlias = "tuple[str, int | None, int]"
"""Path, notebook cell (None in a Python file) and 1-based line, as users see them."""


Spot: TypeAlias = "tuple[int | None, int, int]"
"""Notebook cell (None in a Python file), line and column in the file of a report, as users see them."""


def line_of(location: Location) -> Line:
    return location.path, location.cell, location.line


class FilePosition(NamedTuple):
    """A place in a file as programs count that know nothing of notebooks: 1-based, in a notebook in its JSON."""

    line: int
    column: int
    """In code points."""
    byte_column: int
    """In bytes of UTF-8."""


@dataclass(frozen=True, slots=True)
class NotJudged:
    """A training setup, or one output of it, that the rules had to stay silent about."""

    location: Location
    what: str
    """What is unknown: "head", "loss", "head and loss", or "model" where no setup could be made at all."""
    reason: str
    output: str | None = None
    """Name of the output where the model has several."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that a comment silenced."""

    finding: Finding
    reason: str
    """What the comment gives as its reason; may be empty."""
    comment: Location | None = None
    """Where the comment is."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something that kept mllint from doing what was asked; line and column are 1-based."""

    path: str
    message: str
    line: int | None = None
    column: int | None = None
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class FileReport:
    """Everything there is to say about one file. Findings and not_judged are sorted by position."""

    path: str
    findings: tuple[Finding, ...] = ()
    not_judged: tuple[NotJudged, ...] = ()
    errors: tuple[Diagnostic, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    """The findings that a comment silenced, by position."""
    in_baseline: tuple[Finding, ...] = ()
    """The findings that are left out because they were there when the baseline was written, by position."""
    on_unchanged_lines: tuple[Finding, ...] = ()
    """The findings that are left out because none of their places was changed since the revision of --diff-base."""
    judged: int = 0
    """Number of training setups (compile or loss calls) all of whose outputs were judged."""
    labels_not_known: int = 0
    """Number of judged setups that the program fits on labels whose encoding it does not tell; see `mllint facts`."""
    fail_level: Severity = Severity.WARNING
    """The severity from which on a finding in this file makes the run fail."""
    lines: Mapping[Line, str] = field(default_factory=dict)
    """The source lines at which a place of the report begins or ends, as the user wrote them."""
    in_json: Mapping[Spot, FilePosition] = field(default_factory=dict)
    """Of a notebook: where the places of the report stand in its file."""
    read: Mapping[str, str | None] = field(default_factory=dict, compare=False)
    """The files that the report was made from, by absolute path, with what was there: the SHA-256 of the bytes of those
    that were read, None for what was looked for and missing, a word for what was there and was not read."""
    setups: tuple[TrainingSetup, ...] = ()
    """What is known, and was measured, of a saved or live model; empty for source, of which `mllint facts` tells it."""

    @property
    def fails(self) -> bool:
        """Whether a finding is at or above the fail level."""
        return any(finding.severity >= self.fail_level for finding in self.findings)


@dataclass(frozen=True, slots=True)
class AppliedFix:
    """A repair that was carried out and proven by reading the text again."""

    rule: str
    code: str
    title: str
    applicability: Applicability
    location: Location
    """Where the finding was, in the text as it was then."""


@dataclass(frozen=True, slots=True)
class RefusedFix:
    """A repair that the plan asked for and that was not carried out."""

    rule: str
    code: str
    title: str
    location: Location
    """Where the finding is, in the text as it is now."""
    reason: str
    """Completes the sentence "not fixed: …"."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """New contents for a file."""

    path: str
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class FixReport:
    """What fixing one file came to."""

    report: FileReport
    """On the file as it is after the fixes."""
    applied: tuple[AppliedFix, ...] = ()
    """In the order in which they were carried out."""
    refused: tuple[RefusedFix, ...] = ()
    """By position."""
    rewrite: Rewrite | None = None
    """None where the file stays as it is."""
