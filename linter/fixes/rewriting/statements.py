"""Statements taken out of a program: with their lines, but not with the comments on them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import libcst as cst

from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting.program import Program
from mllint.fixes.text import TextEdit


def removals(program: Program, removed: Collection[cst.BaseSmallStatement]) -> Iterator[TextEdit]:
    """Raises Refused for a statement that shares its line with others."""
    lines = [_line_of(program, statement) for statement in removed]
    for block in dict.fromkeys(program.parent(line) for line in lines):
        assert isinstance(block, cst.IndentedBlock | cst.Module)
        gone = [line for line in lines if program.parent(line) is block]
        emptied = isinstance(block, cst.IndentedBlock) and len(gone) == len(block.body)
        for line in sorted(gone, key=lambda one: program.span(one)[0]):
            yield _without(program, line, "pass" if emptied else "")
            emptied = False


def _line_of(program: Program, statement: cst.BaseSmallStatement) -> cst.SimpleStatementLine:
    line = program.parent(statement)
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        raise Refused("several statements stand on one line")
    return line


def _without(program: Program, line: cst.SimpleStatementLine, instead: str) -> TextEdit:
    start, end = program.span(line.body[0])
    if instead:
        return TextEdit(start, end, instead)
    comment = line.trailing_whitespace.comment
    if comment is not None:
        return TextEdit(start, program.span(comment)[0], "")
    return TextEdit(*program.lines(start, end), "")
