"""One version of a file, with everything that is understood of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from mllint import registry
from mllint.examination import Examination, examine
from mllint.findings import Finding, Location, Mark
from mllint.judging import verdicts_on
from mllint.settings import Settings
from mllint.source.parsing.parsed import parsed_exactly

if TYPE_CHECKING:
    from mllint.judging.branches import Verdict
    from mllint.judging.documents import Insight
    from mllint.results import Diagnostic
    from mllint.source.text.document import Document


@dataclass(frozen=True)
class Version:
    """The bytes of a file and what they mean."""

    source: bytes
    settings: Settings
    examination: Examination

    @classmethod
    def of(cls, path: str, source: bytes, settings: Settings) -> Version:
        """Raises what `examine` raises."""
        return cls(source, settings, examine(path, source, settings, parsed_exactly))

    @property
    def path(self) -> str:
        return self.document.path

    @property
    def document(self) -> Document:
        return self.examination.document

    @property
    def findings(self) -> tuple[Finding, ...]:
        """As the user sees them: not suppressed, of the severities that are shown."""
        return self.examination.report.findings

    @property
    def insight(self) -> Insight:
        """Raises ValueError for a file that trains nothing."""
        if self.examination.insight is None:
            raise ValueError(f"nothing was read in {self.path}")
        return self.examination.insight

    def cause(self, finding: Finding) -> Verdict | None:
        """The verdict that the finding states; None where it is about a comment."""
        causes: Mapping[Finding, Verdict] = self.examination.insight.causes if self.examination.insight else {}
        return causes.get(finding)

    def start(self, finding: Finding) -> int | Location:
        """The offset in the text of a finding's primary place; the place itself where it is in another file."""
        primary = finding.primary
        if primary.path != self.path:
            return primary
        return self.document.offset_of(primary.line, primary.column, primary.cell)

    @cached_property
    def is_parsed_whole(self) -> bool:
        """Whether the parser gives the text back as it is; but for a lone carriage return at the end, which is lost."""
        text = self.document.text
        return self.insight.lens.module.code in (text, text.removesuffix("\r"))

    @cached_property
    def verdicts(self) -> tuple[tuple[Verdict, ...], ...]:
        """What all rules, selected or not, say of each setup."""
        verdicts, _ = self._judged_by_all_rules
        by_setup: dict[int, list[Verdict]] = {id(setup): [] for setup in self.insight.reading.setups}
        for verdict in verdicts:
            by_setup[id(verdict.setup)].append(verdict)
        return tuple(tuple(by_setup[id(setup)]) for setup in self.insight.reading.setups)

    @cached_property
    def crashes(self) -> frozenset[str]:
        """The messages of rules that crashed."""
        _, crashes = self._judged_by_all_rules
        return frozenset(crash.message for crash in crashes)

    @cached_property
    def _judged_by_all_rules(self) -> tuple[list[Verdict], tuple[Diagnostic, ...]]:
        return verdicts_on(self.insight.reading, self.insight.lens, registry.rules())

    def place(self, verdict: Verdict) -> tuple[object, ...]:
        """Where a verdict's primary place is, for comparing with others of the same version."""
        at = self.insight.lens.locate(Mark("evidence", verdict.problem.primary.place, ""))
        return at.path, at.cell, at.line, at.column, at.end_line, at.end_column
