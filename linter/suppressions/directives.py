"""What a comment says to a tool; one comment may speak to several: `# type: ignore  # mllint: ignore[…] reason`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from mllint.fixes.text import TextEdit
from mllint.suppressions.comments import Comment, comments

if TYPE_CHECKING:
    from mllint.source.text.document import Document

IGNORE = re.compile(r"#\s*mllint:\s*(?P<scope>ignore|ignore-file)\s*\[(?P<selectors>[^\]]+)\]")
NOQA = re.compile(r"#\s*noqa\b(?:\s*:\s*(?P<selectors>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?", re.IGNORECASE)
_BEGINS = re.compile(r"#\s*(?:noqa\b|[a-z][\w-]*:)", re.IGNORECASE)
_SEPARATOR = re.compile(r"[,\s]+")


@dataclass(frozen=True, slots=True)
class Directive:
    """The part of a comment that speaks to one tool, or its plain words."""

    comment: Comment
    start: int
    """Offset in the comment."""
    text: str

    @property
    def selectors(self) -> tuple[str, ...]:
        """What it lists in brackets or as codes, those of other tools too; empty where it lists nothing."""
        listed = IGNORE.match(self.text) or NOQA.match(self.text)
        written = listed["selectors"] if listed else None
        return tuple(part for part in _SEPARATOR.split(written or "") if part)

    def without(self, selectors: Collection[str], document: Document) -> TextEdit:
        """The edit that takes selectors, as they are written, out; with the last of them goes the directive."""
        listed = IGNORE.match(self.text) or NOQA.match(self.text)
        assert listed is not None, "only what lists selectors can lose one"
        gone = {selector.upper() for selector in selectors}
        remaining = [selector for selector in self.selectors if selector.upper() not in gone]
        if not remaining:
            return self._taken_out(document)
        separator = _SEPARATOR.search(listed["selectors"].strip())
        start = self.comment.start + self.start + listed.start("selectors")
        between = separator[0] if separator else ", "
        return TextEdit(start, start + len(listed["selectors"]), between.join(remaining))

    def extended(self, selectors: Collection[str], reason: str) -> TextEdit:
        """The edit that puts selectors to those in the brackets, and a reason behind the one that is there."""
        listed = IGNORE.match(self.text)
        assert listed is not None, "only what has brackets can be extended"
        said = self.text[listed.end("selectors") :].rstrip()
        more = f"; {reason}" if said != "]" else f" {reason}"
        start = self.comment.start + self.start + listed.end("selectors")
        added = f", {', '.join(selectors)}{said}"
        return TextEdit(start, start + len(said), added + more * (bool(reason) and reason not in said))

    def _taken_out(self, document: Document) -> TextEdit:
        before = self.comment.text[: self.start].rstrip()
        after = self.comment.text[self.start + len(self.text) :]
        if not before and not after:
            return _without_comment(self.comment, document)
        start = self.comment.start + len(before)
        end = self.comment.start + len(self.comment.text)
        return TextEdit(start, end, f"  {after}" if before and after else after)


def directives(document: Document) -> Iterator[Directive]:
    """Every part of every comment."""
    for comment in comments(document):
        starts = sorted({0, *(found.start() for found in _BEGINS.finditer(comment.text))})
        for start, end in pairwise([*starts, len(comment.text)]):
            yield Directive(comment, start, comment.text[start:end])


def _without_comment(comment: Comment, document: Document) -> TextEdit:
    """With the white space before it; a comment on a line of its own goes with the line."""
    text = document.text
    start, end = comment.start, comment.start + len(comment.text)
    line_start = document.offset_of(comment.location.line, 1, comment.location.cell)
    code = text[line_start:start].rstrip()
    if code:
        return TextEdit(line_start + len(code), end, "")
    last = len(document.source_lines(comment.location.cell))
    if comment.location.line < last:
        return TextEdit(line_start, document.offset_of(comment.location.line + 1, 1, comment.location.cell), "")
    if comment.location.line > 1:
        before = document.source_line(comment.location.line - 1, comment.location.cell)
        line_before = document.offset_of(comment.location.line - 1, 1, comment.location.cell)
        return TextEdit(line_before + len(before), end, "")
    return TextEdit(line_start, end, "")
