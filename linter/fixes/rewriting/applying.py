"""Functions and layers that are applied to a tensor: f(x), and what is left of it without f."""

from __future__ import annotations

import libcst as cst

from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting.draft import Draft
from mllint.fixes.text import TextEdit

_ATOMS = (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.List)
_LOOSE = (cst.Assign, cst.AnnAssign, cst.Return, cst.Arg, cst.Element, cst.Expr)
"""What an expression can stand in without parentheses, whatever it is."""


def argument_of(call: cst.Call) -> cst.BaseExpression:
    """What a function or layer is applied to. Raises Refused where that is not its first argument."""
    first = call.args[0] if call.args else None
    if first is None or first.star:
        raise Refused("what it is applied to is not written there")
    return first.value


def inner_only(draft: Draft, call: cst.Call) -> None:
    """x in the place of f(x); the statement x = f(x) goes."""
    inner_of(draft, call, argument_of(call))


def inner_of(draft: Draft, node: cst.BaseExpression, inner: cst.BaseExpression) -> None:
    """An expression inside another takes its place; a statement that would then say x = x goes."""
    program = draft.program
    statement = program.parent(node)
    if isinstance(statement, cst.Assign) and isinstance(inner, cst.Name):
        targets = [program.code(one.target) for one in statement.targets]
        if targets == [inner.value]:
            draft.remove_statement(statement)
            return
    operand_only(draft, node, inner)


def operand_only(draft: Draft, node: cst.BaseExpression, inner: cst.BaseExpression) -> None:
    """An expression inside another takes its place."""
    program = draft.program
    (start, end), (first, last) = program.whole(node), program.whole(inner)
    if "#" in program.text[start:first] + program.text[last:end]:
        raise Refused("a comment stands inside the expression")
    bare = isinstance(inner, _ATOMS) or isinstance(program.parent(node), _LOOSE) or inner.lpar
    opening, closing = ("", "") if bare else ("(", ")")
    draft.edit(node, TextEdit(start, first, opening), TextEdit(last, end, closing))


def without_number(draft: Draft, node: cst.BinaryOperation) -> None:
    """x in the place of x * 5. Raises Refused where it is not clear which of the two is the number."""
    numbers = [isinstance(side, cst.Integer | cst.Float) for side in (node.left, node.right)]
    if sum(numbers) != 1:
        raise Refused("the factor is not written as a number")
    inner_of(draft, node, node.right if numbers[0] else node.left)
