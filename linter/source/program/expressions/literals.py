"""Literals: numbers and strings."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import libcst as cst

from mllint.source.program.files.values import FilePath
from mllint.source.program.values import Constant, Missing, Value
from mllint.source.text.syntax import quietly

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


def evaluate_literal(run: Interpreter, node: cst.Integer | cst.Float | cst.SimpleString) -> Value:
    try:
        return Constant(node, _evaluated(node.value))
    except (SyntaxError, ValueError):
        return Missing(node, _UNREAD)


def evaluate_concatenated(run: Interpreter, node: cst.ConcatenatedString) -> Value:
    try:
        with quietly():
            value = node.evaluated_value
    except (SyntaxError, ValueError):
        return Missing(node, _UNREAD)
    return Constant(node, value) if value is not None else Missing(node, "a string that is built at run time")


_UNREAD = "a literal that Python does not read"
"""LibCST does: numbers of more than 4,300 digits, and strings with escapes that stand for nothing."""
_PLAIN = re.compile(r"""'[^'\\\n]*'|"[^"\\\n]*"|0|[1-9][0-9]{0,30}""")
"""What most literals are: they stand for what is between their quotation marks, or for a number as int() reads it."""


@lru_cache(maxsize=4096)
def _evaluated(text: str) -> Any:
    if _PLAIN.fullmatch(text):
        return int(text) if text[0].isdigit() else text[1:-1]
    with quietly():
        return ast.literal_eval(text)


def evaluate_formatted(run: Interpreter, node: cst.FormattedString) -> Value:
    text = ""
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            text += part.value
            continue
        assert isinstance(part, cst.FormattedStringExpression)
        value = run.evaluate(part.expression)
        if isinstance(value, FilePath):
            value = Constant(node, value.path)
        if not isinstance(value, Constant) or part.format_spec is not None or part.conversion is not None:
            return Missing(node, "a string that is built at run time")
        text += str(value.value)
    return Constant(node, text)
