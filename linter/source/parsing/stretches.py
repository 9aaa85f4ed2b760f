"""Stretches of a text: where Python's syntax tree says that something is, and the parentheses around it."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from keyword import iskeyword
from typing import NamedTuple, Protocol

from mllint.source.text.document import Document
from mllint.source.text.syntax import NEWLINE


class Placed(Protocol):
    """A node of Python's syntax tree; lines are 1-based, columns 0-based in bytes of UTF-8."""

    lineno: int
    col_offset: int
    end_lineno: int | None
    end_col_offset: int | None


class Stretch(NamedTuple):
    """Offsets into the text, half-open."""

    start: int
    end: int


_STRINGS_AND_COMMENTS = re.compile(
    r"""
    (?P<comment>\#[^\r\n]*)
    | '{3}[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'{3}
    | "{3}[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"{3}
    | '[^'\\\r\n]*(?:\\(?:\r\n|.)[^'\\\r\n]*)*'
    | "[^"\\\r\n]*(?:\\(?:\r\n|.)[^"\\\r\n]*)*"
    """,
    re.VERBOSE | re.DOTALL,
)
_FURTHER_BYTE = re.compile(rb"[\x80-\xbf]")
_LAST_WORD = re.compile(r"\w+\Z")
_OPERANDS = ("True", "False", "None")
_LONGEST_KEYWORD = 8
_BLANK = " \t\r\n\\"
"""Besides spaces, what continues a line."""


class Source:
    """The text of a document that Python can parse, and its stretches."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.text = document.text
        self.starts = [0, *(newline.end() for newline in NEWLINE.finditer(self.text))]
        """The offset of each line."""
        self._is_ascii = self.text.isascii()
        self._further_bytes: dict[int, list[int]] = {}
        """By line, the columns at which UTF-8 has no character's first byte."""

    def offset(self, line: int, column: int) -> int:
        """The offset of a place as Python's syntax tree has it."""
        start = self.starts[line - 1]
        if self._is_ascii:
            return start + column
        if line not in self._further_bytes:
            encoded = self.lines(line, line).encode()
            self._further_bytes[line] = [found.start() for found in _FURTHER_BYTE.finditer(encoded)]
        return start + column - bisect_left(self._further_bytes[line], column)

    def stretch(self, node: Placed) -> Stretch:
        assert node.end_lineno is not None and node.end_col_offset is not None
        return Stretch(self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset))

    def written(self, node: Placed) -> str:
        """The text of a node."""
        start, end = self.stretch(node)
        return self.text[start:end]

    def lines(self, first: int, last: int) -> str:
        """Whole lines, with their ends."""
        return self.text[self.starts[first - 1] : self.starts[last] if last < len(self.starts) else None]

    def begins_line(self, node: Placed) -> bool:
        """Whether nothing stands before the node on its line."""
        start = self.starts[node.lineno - 1]
        return not self.text[start : self.offset(node.lineno, node.col_offset)].strip(" \t")

    # ---- parentheses -------------------------------------------------------------------------------------------------

    def parenthesized(self, inner: Stretch) -> Stretch:
        """An expression with the parentheses that are its own: those directly around it but for those of a call, of the
        bases of a class, and the like."""
        outer = inner
        while (around := self._in_parentheses(outer)) is not None and self._are_free(around):
            outer = around
        return outer

    def is_parenthesized(self, node: ast.Tuple) -> bool:
        """Whether a tuple is written with parentheses, which Python counts as a part of it: `(a), b` is not."""
        whole = self.stretch(node)
        if self.text[whole.start] != "(":
            return False
        return not node.elts or self.parenthesized(self.stretch(node.elts[0])).start != whole.start

    def _in_parentheses(self, inner: Stretch) -> Stretch | None:
        start = inner.start - 1
        while start >= 0 and self.text[start] in " \t":
            start -= 1
        if start < 0 or self.text[start] not in "(\r\n\\":  # no comment can stand between: they end their lines
            return None
        before, after = self.before(inner.start), self.after(inner.end)
        if before < 0 or after >= len(self._bare) or (self._bare[before], self._bare[after]) != ("(", ")"):
            return None
        return Stretch(before, after + 1)

    def _are_free(self, around: Stretch) -> bool:
        """Whether parentheses are not those of a call, where something is called that ends before them, nor those of a
        `with`."""
        last = self.before(around.start)
        if last < 0 or not (self._bare[last].isalnum() or self._bare[last] in "_)]}'\""):
            return True
        if last < self._line_start(around.start) and around.start in self._statements:
            return True
        word = _LAST_WORD.search(self._bare, max(last - _LONGEST_KEYWORD, 0), last + 1)
        name = word[0] if word is not None else ""
        if name == "with":
            return not self._bare.startswith(":", self.after(around.end))
        return iskeyword(name) and name not in _OPERANDS

    @cached_property
    def _statements(self) -> frozenset[int]:
        """Where statements begin."""
        nodes = ast.walk(self._document.syntax)
        return frozenset(self.stretch(node).start for node in nodes if isinstance(node, ast.stmt))

    def _line_start(self, offset: int) -> int:
        return self.starts[bisect_right(self.starts, offset) - 1]

    def before(self, offset: int) -> int:
        """Where the last character before a place is that is neither space nor comment; -1 where there is none."""
        offset -= 1
        while offset >= 0 and self._bare[offset] in _BLANK:
            offset -= 1
        return offset

    def after(self, offset: int) -> int:
        """Where the next character from a place on is that is neither space nor comment."""
        while offset < len(self._bare) and self._bare[offset] in _BLANK:
            offset += 1
        return offset

    @cached_property
    def _bare(self) -> str:
        """The text with spaces in place of its comments."""
        if "#" not in self.text:
            return self.text
        return _STRINGS_AND_COMMENTS.sub(lambda found: " " * len(found[0]) if found["comment"] else found[0], self.text)
