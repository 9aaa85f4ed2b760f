"""String literals: their quotes, and what stands between them."""

from __future__ import annotations

from collections import Counter

import libcst as cst

from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting.program import Program
from mllint.fixes.text import TextEdit
from mllint.repairs import Written


def replaced(program: Program, node: cst.CSTNode, text: str) -> TextEdit:
    """The string reads `text`; its quotes and prefix stay. Raises Refused for what is no plain string."""
    if not isinstance(node, cst.SimpleString | cst.ConcatenatedString) or _is_bytes(node):
        raise Refused("it is not written as a plain string")
    start, end = program.span(node)
    if isinstance(node, cst.ConcatenatedString) and "#" in program.text[start:end]:
        raise Refused("a comment stands inside the string")
    if isinstance(node, cst.ConcatenatedString) or not _needs_no_escape(text):
        return TextEdit(start, end, literal(program, node, text))
    return TextEdit(start + len(node.prefix) + len(node.quote), end - len(node.quote), text)


def _is_bytes(node: cst.SimpleString | cst.ConcatenatedString) -> bool:
    return isinstance(node, cst.SimpleString) and "b" in node.prefix.lower()


def _needs_no_escape(text: str) -> bool:
    return text.isprintable() and not any(mark in text for mark in "'\"\\")


def literal(program: Program, at: cst.CSTNode, value: Written) -> str:
    """The value as code, in the quotes that are used around `at`."""
    if not isinstance(value, str):
        return repr(value)
    if not _needs_no_escape(value):
        return repr(value)
    quote = quote_of(program, at)
    return f"{quote}{value}{quote}"


def quote_of(program: Program, at: cst.CSTNode) -> str:
    """The quote that most strings in `at` have, or else most of the program."""
    everywhere = (0, len(program.text))
    return _most(program, program.span(at)) or _most(program, everywhere) or '"'


def _most(program: Program, within: tuple[int, int]) -> str | None:
    first, last = within
    quotes: Counter[str] = Counter()
    for node in program.nodes():
        if isinstance(node, cst.SimpleString) and len(node.quote) == 1:
            start, end = program.span(node)
            quotes[node.quote] += first <= start and end <= last
    common = quotes.most_common(2)
    if not common or not common[0][1] or (len(common) == 2 and common[0][1] == common[1][1]):
        return None
    return common[0][0]
