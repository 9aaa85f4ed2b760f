"""Programs out of programs: nodes of LibCST trees are moved, doubled, dropped, wrapped and swapped.

Byte-wise mutation of Python hardly ever parses; what is made here nearly always does.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final

import libcst as cst

ODD: Final = (
    "None", "...", "-1", "0", "1.5e308", "10**10", "''", "'\\ud800'", "'é😀'", "b'x'", "[]", "()", "{}", "{1}", "[[]]",
    "*x", "**x", "lambda: 0", "lambda *a, **k: (a, k)", "x if x else x", "[x for x in x]", "{**x}", "f'{x}'", "x[...]",
    "x[::-1]", "await_", "not x", "x := 1", "x < x < x", "type(x)", "super()", "__import__('keras')",
    "globals()['model']", "1 if y.shape[1] > 1 else 2", "'relu softmax'.split()[1]", "tf.nn.softmax", "keras", "model",
    "self", "cls",
)  # fmt: skip


def mutated(source: str, donor: str, chance: random.Random) -> str:
    """A few changes of the source with parts of the donor; the source itself where it cannot be parsed or written."""
    try:
        tree, other = cst.parse_module(source), cst.parse_module(donor)
        for _ in range(chance.choice((1, 1, 2, 3, 6))):
            tree = chance.choice(MUTATIONS)(tree, other, chance)
        return tree.code
    except Exception:  # LibCST raises many kinds for trees that make no program
        return source


def _swap_expression(tree: cst.Module, other: cst.Module, chance: random.Random) -> cst.Module:
    target = _pick(tree, cst.BaseExpression, chance)
    source = _pick(chance.choice((tree, other)), cst.BaseExpression, chance)
    return _replaced(tree, target, source.deep_clone())


def _odd_expression(tree: cst.Module, other: cst.Module, chance: random.Random) -> cst.Module:
    return _replaced(tree, _pick(tree, cst.BaseExpression, chance), cst.parse_expression(chance.choice(ODD)))


def _swap_statement(tree: cst.Module, other: cst.Module, chance: random.Random) -> cst.Module:
    target = _pick(tree, cst.BaseStatement, chance)
    source = _pick(chance.choice((tree, other)), cst.BaseStatement, chance)
    return _replaced(tree, target, source.deep_clone())


def _double_statement(tree: cst.Module, other: cst.Module, chance: random.Random) -> cst.Module:
    target = _pick(tree, cst.BaseStatement, chance)
    return _replaced(tree, target, cst.FlattenSentinel([target, target.deep_clone()]))


def _drop(tree: cst.Module, other: cst.Module, chance: random.Random) -> cst.Module:
    kind = chance.choice((cst.BaseStatement, cst.Arg, cst.Element, cst.Param))
    return _replaced(tree, _pick(tree, kind, chance), cst.RemovalSentinel.REMOVE)


def _wrap(tree: cst.Module, other: cst.Module, chance: random.Random) -> cst.Module:
    """A statement goes below a condition, a loop, a function, a class, a try, or a with."""
    target = _pick(tree, cst.BaseStatement, chance)
    head = chance.choice(
        (
            "if x:",
            "while x:",
            "for i in range(3):",
            "def f(a, *b, c=1, **d):",
            "class C(keras.Model):",
            "try:",
            "with x as y:",
        )
    )
    tail = "finally:\n    pass\n" if head == "try:" else ""
    shell = cst.parse_statement(f"{head}\n    pass\n{tail}")
    body = cst.IndentedBlock([target.deep_clone()])
    return _replaced(tree, target, shell.with_changes(body=body))


def _rename(tree: cst.Module, other: cst.Module, chance: random.Random) -> cst.Module:
    """One name becomes another one of the program, everywhere."""
    before, after = (_pick(tree, cst.Name, chance).value for _ in range(2))
    return cst.ensure_type(tree.visit(_Renaming(before, after)), cst.Module)


def _deepen(tree: cst.Module, other: cst.Module, chance: random.Random) -> cst.Module:
    target = _pick(tree, cst.BaseExpression, chance)
    opened, closed = chance.choice(
        (("(", ")"), ("[", "]"), ("-", ""), ("f(", ")"), ("not ", ""), ("", ".a"), ("", "[0]"))
    )
    depth = chance.choice((2, 10, 60))
    text = cst.Module([]).code_for_node(target)
    return _replaced(tree, target, cst.parse_expression(f"({opened * depth}({text}){closed * depth})"))


MUTATIONS: Final[Sequence[Callable[[cst.Module, cst.Module, random.Random], cst.Module]]] = (
    _swap_expression, _swap_expression, _odd_expression, _odd_expression, _swap_statement, _double_statement, _drop,
    _drop, _wrap, _rename, _deepen,
)  # fmt: skip


# ---------------------------------------------------------------- trees


class _Collector(cst.CSTVisitor):
    def __init__(self, kind: type[cst.CSTNode]) -> None:
        self.kind = kind
        self.found: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, self.kind):
            self.found.append(node)
        return True


class _Replacing(cst.CSTTransformer):
    def __init__(self, target: cst.CSTNode, by: object) -> None:
        self.target = target
        self.by = by

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> object:
        return self.by if original_node is self.target else updated_node


class _Renaming(cst.CSTTransformer):
    def __init__(self, before: str, after: str) -> None:
        self.before, self.after = before, after

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        return updated_node.with_changes(value=self.after) if original_node.value == self.before else updated_node


def _pick(tree: cst.Module, kind: type[cst.CSTNode], chance: random.Random) -> cst.CSTNode:
    collector = _Collector(kind)
    tree.visit(collector)
    return chance.choice(collector.found)


def _replaced(tree: cst.Module, target: cst.CSTNode, by: object) -> cst.Module:
    return cst.ensure_type(tree.visit(_Replacing(target, by)), cst.Module)
