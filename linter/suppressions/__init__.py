"""Comments that silence findings, and what is to be said about the comments themselves.

    # mllint: ignore[sigmoid-with-categorical-crossentropy] reason     this statement, or the next one
    # mllint: ignore-file[MLL101, logits] reason                       the whole file or notebook
    # noqa: MLL101                                                     this statement
    # noqa                                                             this statement, every rule

A comment holds for a finding if it stands on the statement of any of the finding's locations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, get_args

from mllint import registry
from mllint.facts import Task
from mllint.findings import Finding, Fix, Location, Severity
from mllint.fixes.positions import located
from mllint.repairs import Applicability
from mllint.results import Line, Suppressed, line_of
from mllint.suppressions.directives import IGNORE, NOQA, Directive, directives
from mllint.suppressions.reach import removal

if TYPE_CHECKING:
    from mllint.source.text.document import Document

UNUSED: Final = "unused-suppression"
INVALID: Final = "invalid-suppression"

_MLLINT = re.compile(r"#\s*mllint:\s*(?P<words>.*)")
_TASK = re.compile(r"task\s*=\s*(?P<task>[\w-]+)")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment: what it silences, and where."""

    directive: Directive
    selectors: tuple[str, ...]
    lines: frozenset[Line] | None
    """The lines it holds for; None for the whole file."""
    reason: str = ""

    def holds_at(self, finding: Finding) -> bool:
        return self.lines is None or any(line_of(place) in self.lines for place in finding.locations)

    def silences(self, finding: Finding) -> bool:
        return self.holds_at(finding) and any(
            finding.rule in registry.matching(selector) for selector in self.selectors
        )


@dataclass(frozen=True, slots=True)
class Suppressions:
    """The comments of one file."""

    document: Document
    valid: tuple[Suppression, ...] = ()
    mistakes: tuple[Finding, ...] = ()
    """Findings of `invalid-suppression`."""

    def split(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Suppressed]]:
        """The findings that remain, and those that a comment silences."""
        remaining: list[Finding] = []
        silenced: list[Suppressed] = []
        for finding in findings:
            comment = next((one for one in self.valid if one.silences(finding)), None)
            if comment is None:
                remaining.append(finding)
            else:
                silenced.append(Suppressed(finding, comment.reason, comment.directive.comment.location))
        return remaining, silenced

    def unused(self, silenced: Sequence[Finding], ran: frozenset[str], is_module: bool) -> Iterator[Finding]:
        """A finding for each comment that names rules which ran and had nothing to silence there; of a module, which
        other files may import, for those that only it can need."""
        for suppression in self.valid:
            here = {finding.rule for finding in silenced if suppression.holds_at(finding)}
            idle = [
                selector
                for selector in suppression.selectors
                if selector != registry.ALL
                for names in [registry.matching(selector)]
                if names & ran and not names & here
            ]
            if idle and (level := self._removal(suppression) if is_module else "safe") is not None:
                yield self._unused(suppression, idle, level)

    def _removal(self, suppression: Suppression) -> Applicability | None:
        if suppression.lines is None:
            return None  # what it silences may be anywhere
        statement = suppression.directive.comment.statement
        return removal(self.document, statement) if statement is not None else "safe"

    def _unused(self, suppression: Suppression, idle: Sequence[str], level: Applicability) -> Finding:
        listed = ", ".join(f"`{selector}`" for selector in idle)
        is_all = len(idle) == len(suppression.directive.selectors)
        title = "remove the comment" if is_all else f"remove {listed}"
        edit = located(suppression.directive.without(idle, self.document), self.document)
        message = f"nothing here for {listed} to silence"
        fix = Fix(title, level, (edit,))
        return _finding(UNUSED, message, suppression.directive.comment.location, (title,), (fix,))


def read_suppressions(document: Document) -> Suppressions:
    """The comments of a file that speak to mllint."""
    if "mllint:" not in document.text and "noqa" not in document.text.lower():
        return Suppressions(document)
    valid: list[Suppression] = []
    mistakes: list[Finding] = []
    for directive in directives(document):
        try:
            valid.extend(_suppressions(directive, document))
        except _Malformed as error:
            mistakes.append(_finding(INVALID, error.message, directive.comment.location, error.help))
    return Suppressions(document, tuple(valid), tuple(mistakes))


class _Malformed(Exception):
    def __init__(self, message: str, *help_: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help_


def _suppressions(directive: Directive, document: Document) -> Iterator[Suppression]:
    """Raises _Malformed."""
    lines = directive.comment.lines(document)
    if found := _MLLINT.match(directive.text):
        if found["words"].startswith("task"):
            _check_task(found["words"])
            return
        ignore = IGNORE.match(directive.text)
        if ignore is None:
            written = " ".join(found["words"].split()[:1]) or "nothing"
            raise _Malformed(
                f"`mllint: {written}` silences nothing", "write `# mllint: ignore[rule-name] reason`, with the brackets"
            )
        selectors = tuple(selector.strip() for selector in ignore["selectors"].split(","))
        _check(selectors)
        reason = directive.text[ignore.end() :].strip()
        yield Suppression(directive, selectors, None if ignore["scope"] == "ignore-file" else lines, reason)
    elif (found := NOQA.match(directive.text)) and directive.comment.is_trailing:
        codes = re.findall(r"[A-Z]+[0-9]+", (found["selectors"] or "").upper())
        ours = tuple(code for code in codes if registry.is_beginning_of_codes(code))
        _check(ours)
        if ours or not codes:
            yield Suppression(directive, ours or (registry.ALL,), lines)


def _check_task(directive: str) -> None:
    tasks = get_args(Task)
    stated = _TASK.match(directive)
    if stated is None or stated["task"] not in tasks:
        raise _Malformed("the comment states no task", f"write `# mllint: task=…` with one of {', '.join(tasks)}")


def _check(selectors: Iterable[str]) -> None:
    for selector in selectors:
        try:
            registry.matching(selector)
        except registry.UnknownSelector as error:
            raise _Malformed(f"the comment silences nothing: {error}") from None


def _finding(
    rule: str, message: str, location: Location, help_: tuple[str, ...], fixes: tuple[Fix, ...] = ()
) -> Finding:
    code = registry.find(rule).code
    return Finding(rule, code, Severity.WARNING, message, (location,), help_, fixes, is_repairable=bool(fixes))
