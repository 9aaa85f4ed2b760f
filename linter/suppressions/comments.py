"""The comments of a document, and the statements that they stand on, in, or before."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mllint.findings import Location
from mllint.results import Line

if TYPE_CHECKING:
    from mllint.source.text.document import Document

_YAML_COMMENT: Final = re.compile(r"(?:^|(?<=\s))(?P<comment>#.*)")
"""https://yaml.org/spec/1.1/#id863390"""
_BETWEEN_STATEMENTS: Final = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A simple statement, or the head of a compound one: 1-based lines of the document's text, both inclusive."""

    first: int
    last: int

    def lines(self, document: Document) -> frozenset[Line]:
        places = (document.position(line, 0) for line in range(self.first, self.last + 1))
        return frozenset((document.path, place.cell, place.line) for place in places)


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment, from its hash sign to the end of the line."""

    text: str
    start: int
    """Offset in the document's text."""
    location: Location
    statement: Statement | None
    """The one that the comment stands on or in, else the next one; None where none follows."""
    is_trailing: bool
    """It stands on a statement, not on lines of its own before one."""

    def lines(self, document: Document) -> frozenset[Line]:
        """The lines that it speaks of."""
        return self.statement.lines(document) if self.statement else frozenset()


def comments(document: Document) -> Iterator[Comment]:
    """In the order of the text."""
    for statement, before, inside in _statements(document):
        yield from (_comment(document, token, statement, is_trailing=False) for token in before)
        yield from (_comment(document, token, statement, is_trailing=True) for token in inside)


def statements(document: Document) -> Iterator[Statement]:
    """In the order of the text."""
    return (statement for statement, _, _ in _statements(document) if statement)


def _statements(
    document: Document,
) -> Iterator[tuple[Statement | None, list[tokenize.TokenInfo], list[tokenize.TokenInfo]]]:
    """Each statement with the comments before it and in it; at the end None with those that no statement follows."""
    if document.is_data:
        yield from _lines(document)
        return
    before: list[tokenize.TokenInfo] = []
    inside: list[tokenize.TokenInfo] = []
    first_line: int | None = None
    for token in _tokens(document):
        if first_line is None and token.type not in _BETWEEN_STATEMENTS:
            first_line = token.start[0]
        if token.type == tokenize.COMMENT:
            (before if first_line is None else inside).append(token)
        if token.type == tokenize.NEWLINE and first_line is not None:
            yield Statement(first_line, token.end[0]), before, inside
            before, inside, first_line = [], [], None
    yield None, before, []


def _lines(
    document: Document,
) -> Iterator[tuple[Statement | None, list[tokenize.TokenInfo], list[tokenize.TokenInfo]]]:
    """The same of YAML, where a line is a statement."""
    before: list[tokenize.TokenInfo] = []
    for number, line in enumerate(document.lines, start=1):
        found = _YAML_COMMENT.search(line)
        start, end = found.span("comment") if found is not None else (len(line), len(line))
        comment = [tokenize.TokenInfo(tokenize.COMMENT, line[start:], (number, start), (number, end), line)]
        if line[:start].strip():
            yield Statement(number, number), before, comment if found is not None else []
            before = []
        elif found is not None:
            before += comment
    yield None, before, []


def _tokens(document: Document) -> Iterator[tokenize.TokenInfo]:
    lines = (f"{line}\n" for line in document.lines)
    try:
        yield from tokenize.generate_tokens(lambda: next(lines, ""))
    except (tokenize.TokenError, SyntaxError):
        return  # what parses but does not tokenize keeps the comments before that place


def _comment(
    document: Document, token: tokenize.TokenInfo, statement: Statement | None, *, is_trailing: bool
) -> Comment:
    start = document.position(*token.start)
    end_column = start.column + len(token.string)
    location = Location("evidence", document.path, start.line, start.column, start.line, end_column, "", start.cell)
    return Comment(token.string, document.offset(*token.start), location, statement, is_trailing)
