"""What the syntax tree says of a program before anything of it runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import lru_cache

import libcst as cst

from mllint.source.program.values import Function


def dotted_name(node: cst.BaseExpression) -> str:
    """a.b.c as text."""
    if isinstance(node, cst.Attribute):
        return f"{dotted_name(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""


_IMPORTS = (cst.Import, cst.ImportFrom, type(None))


def is_import(node: cst.CSTNode | None) -> bool:
    """Whether a name was written in an import statement, or by nobody."""
    return type(node) in _IMPORTS  # LibCST's nodes are abstract classes: isinstance() takes ten times as long


def names_in(node: cst.CSTNode) -> tuple[str, ...]:
    """The names in an expression, each once."""
    return tuple(dict.fromkeys(_names(node)))


def _names(node: cst.CSTNode) -> Iterator[str]:
    if type(node) is cst.Name:
        yield node.value
        return
    for part in _parts(type(node)):
        value = getattr(node, part)
        for one in value if isinstance(value, list | tuple) else (value,):
            if isinstance(one, cst.CSTNode):
                yield from _names(one)


@lru_cache(maxsize=512)
def _parts(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    """The fields of a kind of node that may hold names; `node.children` runs a visitor, which takes many times as
    long."""
    return tuple(one.name for one in fields(kind) if not one.name.startswith(("whitespace", "lpar", "rpar", "comma")))


def has_decorator(function: Function, name: str) -> bool:
    decorators = getattr(function.definition, "decorators", ())
    return any(dotted_name(decorator.decorator).rpartition(".")[2] == name for decorator in decorators)


def is_abstract(definition: cst.FunctionDef | cst.Lambda) -> bool:
    """Whether a method is left for the classes below to write."""
    decorators = getattr(definition, "decorators", ())
    return any(dotted_name(one.decorator).rpartition(".")[2].startswith("abstract") for one in decorators)


def abstract_methods(definition: cst.ClassDef) -> tuple[str, ...]:
    methods = [one for one in definition.body.body if isinstance(one, cst.FunctionDef)]
    return tuple(one.name.value for one in methods if is_abstract(one))


def assigned_names(body: cst.BaseSuite) -> tuple[str, ...]:
    """Names that plain and augmented assignments in the body write to, nested functions left out."""
    names: list[str] = []
    for statement in _simple_statements(body, left_out=(cst.FunctionDef, cst.ClassDef)):
        targets = _targets(statement) if isinstance(statement, cst.Assign | cst.AugAssign) else ()
        names.extend(target.value for target in targets if isinstance(target, cst.Name))
    return tuple(dict.fromkeys(names))


def _targets(statement: cst.Assign | cst.AugAssign) -> list[cst.BaseExpression]:
    if isinstance(statement, cst.AugAssign):
        return [statement.target]
    return [assigned.target for assigned in statement.targets]


_MAY_SET = re.compile(r"\bself[\s\\)]*\.[\s\\]*(\w+)[\s\\]*[=,)#]")


def methods_that_may_set(
    definition: cst.ClassDef, code: Callable[[cst.CSTNode], str]
) -> dict[str, tuple[cst.FunctionDef, ...]]:
    """The attributes that methods of a class assign to self, and others, with the methods: as their text tells, for the
    bodies of functions are dear to make."""
    methods: dict[str, tuple[cst.FunctionDef, ...]] = {}
    for method in definition.body.body:
        if isinstance(method, cst.FunctionDef):
            for attribute in set(_MAY_SET.findall(code(method))):
                methods[attribute] = (*methods.get(attribute, ()), method)
    return methods


def sets(method: cst.FunctionDef, attribute: str) -> bool:
    """Whether a method assigns an attribute to self."""
    return attribute in _set_in(method.body)


def _set_in(block: cst.BaseSuite) -> Iterator[str]:
    """The attributes of self that the plain assignments of a block write to, nested functions included."""
    for statement in _simple_statements(block):
        for target in _targets(statement) if isinstance(statement, cst.Assign) else ():
            for one in [element.value for element in target.elements] if isinstance(target, cst.Tuple) else [target]:
                if isinstance(one, cst.Attribute) and dotted_name(one.value) == "self":
                    yield one.attr.value


_LINES = (cst.SimpleStatementLine, cst.SimpleStatementSuite)
_STATEMENT_PARTS = ("body", "orelse", "handlers", "finalbody", "cases")
"""The fields of compound statements that hold other statements."""


def _simple_statements(node: cst.CSTNode, left_out: tuple[type[cst.CSTNode], ...] = ()) -> Iterator[cst.CSTNode]:
    """The statements in a block or a compound statement that hold no others; `left_out` are kinds of statements that
    are not looked into."""
    if type(node) in _LINES:
        yield from node.body  # type: ignore[attr-defined]
    elif type(node) not in left_out:
        for part in _STATEMENT_PARTS:
            inner = getattr(node, part, None)
            for one in inner if isinstance(inner, list | tuple) else (inner,):
                if one is not None:
                    yield from _simple_statements(one, left_out)
