"""Comments that silence findings, written where they hold: the program stays what it is, and each is read again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from mllint import registry
from mllint.examination import examine
from mllint.findings import Finding
from mllint.fixes.comments import same_program
from mllint.fixes.contents import rewritten
from mllint.fixes.refusal import Refused
from mllint.fixes.text import TextEdit
from mllint.results import AppliedFix, FixReport, RefusedFix, Rewrite
from mllint.settings import Settings
from mllint.source.parsing.parsed import parsed_quickly
from mllint.source.text.document import Document, UnreadableSource, read_document
from mllint.suppressions import INVALID, UNUSED, read_suppressions
from mllint.suppressions.comments import Statement, statements
from mllint.suppressions.directives import IGNORE, directives


def ignore(source: bytes, path: str, settings: Settings, findings: Sequence[Finding], reason: str) -> FixReport:
    """Silences the findings, which are those of `source`; the report is of the text after it.

    Raises what reading the file raises.
    """
    document = read_document(path, source)
    after = source
    applied: list[AppliedFix] = []
    refused: list[RefusedFix] = []
    for statement, here in _from_the_bottom(document, findings):
        rules = sorted({finding.rule for finding in here})
        title = f"write `{_comment(rules, '')}`"
        try:
            if statement is None and here[0].primary.path != path and here[0].rule not in (UNUSED, INVALID):
                raise Refused(f"its places are in {here[0].primary.path}, which is another file")
            if statement is None:
                raise Refused("there is no statement that a comment could stand on")
            after = _silenced(after, path, statement, here, reason)
            applied += (AppliedFix(one.rule, one.code, title, "safe", one.primary) for one in reversed(here))
        except Refused as refusal:
            refused += (RefusedFix(one.rule, one.code, title, one.primary, refusal.reason) for one in reversed(here))
    report = examine(path, after, settings, parsed_quickly).report
    rewrite = Rewrite(path, source, after) if after != source else None
    return FixReport(report, tuple(reversed(applied)), tuple(reversed(refused)), rewrite)


def _from_the_bottom(
    document: Document, findings: Sequence[Finding]
) -> Iterator[tuple[Statement | None, list[Finding]]]:
    """The findings by the statement of their primary place, None for comments; what lies above an edit stays there."""
    by_line = {line: one for one in statements(document) for line in range(one.first, one.last + 1)}
    groups: dict[Statement | None, list[Finding]] = defaultdict(list)
    for finding in findings:
        is_on_comment = finding.rule in (UNUSED, INVALID)
        line = _line(document, finding)
        groups[None if is_on_comment or line is None else by_line.get(line)].append(finding)
    yield from sorted(groups.items(), key=lambda group: -group[0].first if group[0] else 0)


def _line(document: Document, finding: Finding) -> int | None:
    """The 1-based line of the text on which a finding's first place in this file begins, the primary one if it can be;
    None where all are in other files."""
    place = next((one for one in finding.locations if one.path == document.path), None)
    return document.line_of(place.line, place.cell) if place is not None else None


def _silenced(source: bytes, path: str, statement: Statement, findings: Sequence[Finding], reason: str) -> bytes:
    """The file with a comment at the first place that works. Raises Refused where none does."""
    document = read_document(path, source)
    refusal = Refused("a comment would change the program wherever it stands")
    for edit in _edits(document, statement, findings, reason):
        try:
            after = rewritten(document, source, [edit])
        except Refused as error:
            refusal = error
            continue
        if _holds(document, path, after, statement, findings):
            return after
    raise refusal


def _edits(document: Document, statement: Statement, findings: Sequence[Finding], reason: str) -> Iterator[TextEdit]:
    """Ways to write the comment, best first: in one that is there, behind the line of a finding, behind the statement.

    A line may end inside a string or in a backslash; the last line of a statement does not.
    """
    rules = sorted({finding.rule for finding in findings})
    for directive in directives(document):
        listed = IGNORE.match(directive.text)
        if directive.comment.statement == statement and listed and listed["scope"] == "ignore":
            yield directive.extended(rules, reason)
    comment = _comment(rules, reason)
    own = (line for finding in findings if (line := _line(document, finding)) is not None)
    for line in dict.fromkeys([*own, statement.last]):
        code = document.lines[line - 1]
        yield TextEdit(document.offset(line, len(code.rstrip())), document.offset(line, len(code)), f"  {comment}")


def _comment(rules: Sequence[str], reason: str) -> str:
    return f"# mllint: ignore[{', '.join(rules)}] {reason}".rstrip()


def _holds(before: Document, path: str, source: bytes, statement: Statement, findings: Sequence[Finding]) -> bool:
    """Whether the program is the same, and every finding is silenced at the statement."""
    try:
        after = read_document(path, source)
    except UnreadableSource:
        return False
    place = after.position(statement.first, 0)
    valid = [
        one for one in read_suppressions(after).valid if one.lines and (after.path, place.cell, place.line) in one.lines
    ]
    silenced = {rule for one in valid for selector in one.selectors for rule in registry.matching(selector)}
    return same_program(before, after) and silenced >= {finding.rule for finding in findings}
