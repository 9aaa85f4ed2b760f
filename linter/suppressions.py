"""Comments that silence findings, and what is to be said about the comments themselves.

    # mllint: ignore[sigmoid-with-categorical-crossentropy] reason     this statement, or the next one
    # mllint: ignore-file[MLL101, logits] reason                       the whole file or notebook
    # noqa: MLL101                                                     this statement
    # noqa                                                             this statement, every rule

A comment holds for a finding if it stands on the statement of any of the finding's locations.
"""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, get_args

from mllint import registry
from mllint.facts import Task
from mllint.findings import Finding, Location, Severity
from mllint.results import Line

if TYPE_CHECKING:
    from mllint.source.text.document import Document

UNUSED: Final = "unused-suppression"
INVALID: Final = "invalid-suppression"

_MLLINT = re.compile(r"#\s*mllint:\s*(?P<directive>.*)")
_IGNORE = re.compile(r"(?P<scope>ignore|ignore-file)\s*\[(?P<selectors>[^\]]+)\]")
_TASK = re.compile(r"task\s*=\s*(?P<task>[\w-]+)")
_NOQA = re.compile(r"#\s*noqa\b(?P<listed>\s*:\s*(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?", re.IGNORECASE)
_BETWEEN_STATEMENTS = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}
)


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment: what it silences, and where."""

    location: Location
    selectors: tuple[str, ...]
    lines: frozenset[Line] | None
    """The lines it holds for; None for the whole file."""

    def holds_at(self, finding: Finding) -> bool:
        return self.lines is None or any((place.cell, place.line) in self.lines for place in finding.locations)


@dataclass(frozen=True, slots=True)
class Suppressions:
    """The comments of one file."""

    valid: tuple[Suppression, ...] = ()
    mistakes: tuple[Finding, ...] = ()
    """Findings of `invalid-suppression`."""

    def split(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
        """The findings that remain, and those that a comment silences."""
        remaining: list[Finding] = []
        silenced: list[Finding] = []
        for finding in findings:
            is_silenced = any(_silences(suppression, finding) for suppression in self.valid)
            (silenced if is_silenced else remaining).append(finding)
        return remaining, silenced

    def unused(self, silenced: Sequence[Finding], ran: frozenset[str]) -> Iterator[Finding]:
        """A finding for each comment that names rules which ran and had nothing to silence there."""
        for suppression in self.valid:
            here = {finding.rule for finding in silenced if suppression.holds_at(finding)}
            idle = [
                selector
                for selector in suppression.selectors
                if selector != registry.ALL
                for names in [registry.matching(selector)]
                if names & ran and not names & here
            ]
            if idle:
                listed = ", ".join(f"`{selector}`" for selector in idle)
                help_ = ("remove the comment",) if len(idle) == len(suppression.selectors) else (f"remove {listed}",)
                yield _finding(UNUSED, f"nothing here for {listed} to silence", suppression.location, help_)


def _silences(suppression: Suppression, finding: Finding) -> bool:
    return suppression.holds_at(finding) and any(
        finding.rule in registry.matching(selector) for selector in suppression.selectors
    )


def read_suppressions(document: Document) -> Suppressions:
    """The comments of a file that speak to mllint."""
    if "mllint:" not in document.text and "noqa" not in document.text.lower():
        return Suppressions()
    valid: list[Suppression] = []
    mistakes: list[Finding] = []
    for comment in _comments(document):
        try:
            valid.extend(_suppressions(comment))
        except _Malformed as error:
            mistakes.append(_finding(INVALID, error.message, comment.location, error.help))
    return Suppressions(tuple(valid), tuple(mistakes))


class _Malformed(Exception):
    def __init__(self, message: str, *help_: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help_


def _suppressions(comment: _Comment) -> Iterator[Suppression]:
    """Raises _Malformed."""
    if found := _MLLINT.search(comment.text):
        if found["directive"].startswith("task"):
            _check_task(found["directive"])
            return
        ignore = _IGNORE.match(found["directive"])
        if ignore is None:
            written = " ".join(found["directive"].split()[:1]) or "nothing"
            raise _Malformed(
                f"`mllint: {written}` silences nothing", "write `# mllint: ignore[rule-name] reason`, with the brackets"
            )
        selectors = tuple(selector.strip() for selector in ignore["selectors"].split(","))
        _check(selectors)
        whole_file = ignore["scope"] == "ignore-file"
        yield Suppression(comment.location, selectors, None if whole_file else comment.statement)
    elif (found := _NOQA.search(comment.text)) and comment.is_trailing:
        codes = [code.upper() for code in re.findall(r"[A-Z]+[0-9]+", found["codes"] or "", re.IGNORECASE)]
        ours = tuple(code for code in codes if code.startswith("MLL"))
        _check(ours)
        if ours or not found["listed"]:
            yield Suppression(comment.location, ours or (registry.ALL,), comment.statement)


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


def _finding(rule: str, message: str, location: Location, help_: tuple[str, ...]) -> Finding:
    return Finding(rule, registry.find(rule).code, Severity.WARNING, message, (location,), help_)


# ---------------------------------------------------------------- comments and the statements they stand on


@dataclass(frozen=True, slots=True)
class _Comment:
    text: str
    location: Location
    statement: frozenset[Line]
    is_trailing: bool
    """It stands on a statement, not on lines of its own before one."""


def _comments(document: Document) -> Iterator[_Comment]:
    """Each comment with the lines of its statement: the one it stands on or in, else the next one."""
    waiting: list[tokenize.TokenInfo] = []
    inside: list[tokenize.TokenInfo] = []
    first_line: int | None = None
    for token in _tokens(document):
        if first_line is None and token.type not in _BETWEEN_STATEMENTS:
            first_line = token.start[0]
        if token.type == tokenize.COMMENT:
            (waiting if first_line is None else inside).append(token)
        if token.type == tokenize.NEWLINE and first_line is not None:
            lines = range(first_line, token.end[0] + 1)
            yield from (_comment(document, token, lines, is_trailing=False) for token in waiting)
            yield from (_comment(document, token, lines, is_trailing=True) for token in inside)
            waiting, inside, first_line = [], [], None
    yield from (_comment(document, token, range(0), is_trailing=False) for token in waiting)


def _tokens(document: Document) -> Iterator[tokenize.TokenInfo]:
    lines = (f"{line}\n" for line in document.lines)
    try:
        yield from tokenize.generate_tokens(lambda: next(lines, ""))
    except (tokenize.TokenError, SyntaxError):
        return  # what parses but does not tokenize keeps the comments before that place


def _comment(document: Document, token: tokenize.TokenInfo, lines: range, *, is_trailing: bool) -> _Comment:
    start = document.position(*token.start)
    location = Location(
        "evidence",
        document.path,
        start.line,
        start.column,
        start.line,
        start.column + len(token.string),
        "",
        start.cell,
    )
    places = [document.position(line, 0) for line in lines]
    statement = frozenset((place.cell, place.line) for place in places)
    return _Comment(token.string, location, statement, is_trailing)
