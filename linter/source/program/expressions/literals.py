"""Literals: numbers and strings."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import libcst as cst

from mllint.source.program.files.values import FilePath
from mllint.source.program.values import Constant, Missing, Value
from mllint.source.text.syntax import quietly

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


def evaluate_literal(
    run: Interpreter, node: cst.Integer | cst.Float | cst.SimpleString | cst.ConcatenatedString
) -> Value:
    value = _concatenated(node) if isinstance(node, cst.ConcatenatedString) else _evaluated(node.value)
    return Constant(node, value) if value is not None else Missing(node, "a string that is built at run time")


@lru_cache(maxsize=4096)
def _evaluated(text: str) -> Any:
    with quietly():
        return ast.literal_eval(text)


def _concatenated(node: cst.ConcatenatedString) -> Any:
    with quietly():
        return node.evaluated_value


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
