"""Numbers, strings and the names that are constants, as the text has them."""

from __future__ import annotations

import ast
import re
from typing import Final

import libcst as cst

from mllint.source.parsing.maker import Maker

_ONE_STRING: Final = re.compile(
    r"""
    [A-Za-z]*(?:
    '{3}[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'{3}
    | "{3}[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"{3}
    | '[^'\\]*(?:\\.[^'\\]*)*'
    | "[^"\\]*(?:\\.[^"\\]*)*"
    )
    """,
    re.VERBOSE | re.DOTALL,
)


def constant(maker: Maker, node: ast.Constant) -> cst.BaseExpression:
    value = node.value
    if value is None or value is True or value is False:
        return cst.Name(str(value), (), ())
    if value is ...:
        return cst.Ellipsis((), ())
    written = maker.source.written(node)
    if isinstance(value, str | bytes):
        if written[1:-1] == value or _ONE_STRING.fullmatch(written):
            return cst.SimpleString(written, (), ())
        return maker.read_expression(node)
    if isinstance(value, int):
        return cst.Integer(written, (), ())
    return cst.Float(written, (), ()) if isinstance(value, float) else cst.Imaginary(written, (), ())
