"""The parameters of functions and lambdas."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final

import libcst as cst

from mllint.source.parsing import blank
from mllint.source.parsing.maker import Maker

_SLASH: Final = cst.ParamSlash(blank.DEFAULT, blank.NONE)
_STAR: Final = cst.ParamStar(cst.Comma(blank.NONE, blank.ONE))


def parameters(maker: Maker, node: ast.arguments) -> cst.Parameters:
    named = [*node.posonlyargs, *node.args]
    defaults: Sequence[ast.expr | None] = [*[None] * (len(named) - len(node.defaults)), *node.defaults]
    made = [_parameter(maker, one, default) for one, default in zip(named, defaults, strict=True)]
    only = len(node.posonlyargs)
    return cst.Parameters(
        made[only:],
        _star(maker, node),
        [_parameter(maker, one, default) for one, default in zip(node.kwonlyargs, node.kw_defaults, strict=True)],
        _parameter(maker, node.kwarg, None, "**") if node.kwarg is not None else None,
        made[:only],
        _SLASH if only else blank.DEFAULT,
    )


def _star(maker: Maker, node: ast.arguments) -> cst.Param | cst.ParamStar | cst.MaybeSentinel:
    if node.vararg is not None:
        return _parameter(maker, node.vararg, None, "*")
    return _STAR if node.kwonlyargs else blank.DEFAULT


def _parameter(maker: Maker, node: ast.arg, default: ast.expr | None, star: str = "") -> cst.Param:
    made = cst.Param(
        cst.Name(node.arg, (), ()),
        annotation(maker, node.annotation),
        blank.DEFAULT if default is None else blank.ASSIGN,
        maker.optional(default),
        blank.DEFAULT,
        star,
        blank.NONE,
        blank.NONE,
    )
    maker.origins[made] = node
    return made


def annotation(maker: Maker, node: ast.expr | None) -> cst.Annotation | None:
    return None if node is None else cst.Annotation(maker.expression(node), blank.DEFAULT, blank.ONE)
