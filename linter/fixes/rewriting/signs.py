"""Labels written as -1 and 1, that become 0 and 1."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting import applying
from mllint.fixes.rewriting.draft import Draft
from mllint.repairs import SetLabels


def to_zero_and_one(draft: Draft, change: SetLabels) -> None:
    node = draft.program.anchor(change.labels.place)
    if isinstance(node, cst.BinaryOperation) and (inner := _doubled(node)) is not None:
        applying.operand_only(draft, node, inner)
        return
    written = list(_written(node))
    if not written or not isinstance(node, cst.Call | cst.List | cst.Tuple | cst.BinaryOperation):
        raise Refused("where the labels get the value -1 is not written out")
    for minus_one in written:
        draft.replace(minus_one, "0")


def _doubled(node: cst.BinaryOperation) -> cst.BaseExpression | None:
    """y in 2 * y - 1."""
    product = node.left
    if not isinstance(node.operator, cst.Subtract) or not _is(node.right, "1"):
        return None
    if not isinstance(product, cst.BinaryOperation) or not isinstance(product.operator, cst.Multiply):
        return None
    if _is(product.left, "2"):
        return product.right
    return product.left if _is(product.right, "2") else None


def _is(node: cst.CSTNode, number: str) -> bool:
    return isinstance(node, cst.Integer | cst.Float) and node.value.removesuffix(".0").removesuffix(".") == number


def _written(node: cst.CSTNode) -> Iterator[cst.UnaryOperation]:
    """Every -1 among the values: the elements of a list, the choices of where() and choice()."""
    values: list[cst.CSTNode] = []
    if isinstance(node, cst.Call):
        values = [arg.value for arg in node.args]
    elif isinstance(node, cst.List | cst.Tuple):
        values = [element.value for element in node.elements]
    elif isinstance(node, cst.BinaryOperation):
        values = [node.left]
    for value in values:
        if (
            isinstance(value, cst.UnaryOperation)
            and isinstance(value.operator, cst.Minus)
            and _is(value.expression, "1")
        ):
            yield value
        elif isinstance(value, cst.List | cst.Tuple):
            yield from _written(value)
