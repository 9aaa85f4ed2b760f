"""What the syntax tree says of a program before anything of it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import libcst as cst

from mllint.source.program.values import Function


def dotted_name(node: cst.BaseExpression) -> str:
    """a.b.c as text."""
    if isinstance(node, cst.Attribute):
        return f"{dotted_name(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""


@lru_cache(maxsize=4096)
def names_in(node: cst.CSTNode) -> tuple[str, ...]:
    names = [node.value] if isinstance(node, cst.Name) else []
    for child in node.children:
        names.extend(names_in(child))
    return tuple(dict.fromkeys(names))


def has_decorator(function: Function, name: str) -> bool:
    decorators = getattr(function.definition, "decorators", ())
    return any(dotted_name(decorator.decorator).rpartition(".")[2] == name for decorator in decorators)


def is_abstract(definition: cst.FunctionDef | cst.Lambda) -> bool:
    """Whether a method is left for the classes below to write."""
    decorators = getattr(definition, "decorators", ())
    return any(dotted_name(one.decorator).rpartition(".")[2].startswith("abstract") for one in decorators)


@lru_cache(maxsize=1024)
def abstract_methods(definition: cst.ClassDef) -> tuple[str, ...]:
    methods = [one for one in definition.body.body if isinstance(one, cst.FunctionDef)]
    return tuple(one.name.value for one in methods if is_abstract(one))


@lru_cache(maxsize=1024)
def assigned_names(body: cst.CSTNode) -> tuple[str, ...]:
    """Names that plain and augmented assignments in the body write to, nested functions left out."""
    names: list[str] = []
    if isinstance(body, cst.AssignTarget | cst.AugAssign) and isinstance(body.target, cst.Name):
        names.append(body.target.value)
    if not isinstance(body, cst.FunctionDef | cst.ClassDef | cst.BaseExpression):
        for child in body.children:
            names.extend(assigned_names(child))
    return tuple(dict.fromkeys(names))


def methods_setting(definition: cst.ClassDef) -> dict[str, tuple[str, ...]]:
    """The attributes that the methods of a class assign to self, with the names of the methods that do."""
    methods: dict[str, list[str]] = {}
    for method in definition.body.body:
        if isinstance(method, cst.FunctionDef):
            for attribute in dict.fromkeys(_set_in(method.body)):
                methods.setdefault(attribute, []).append(method.name.value)
    return {attribute: tuple(names) for attribute, names in methods.items()}


_STATEMENT_PARTS = ("body", "orelse", "handlers", "finalbody", "cases")
"""The fields of compound statements that hold other statements."""


def _set_in(block: cst.CSTNode) -> Iterator[str]:
    """The attributes of self that the plain assignments of a block write to, nested functions included."""
    if isinstance(block, cst.Assign):
        for assigned in block.targets:
            target = assigned.target
            for one in [element.value for element in target.elements] if isinstance(target, cst.Tuple) else [target]:
                if isinstance(one, cst.Attribute) and dotted_name(one.value) == "self":
                    yield one.attr.value
    for part in _STATEMENT_PARTS:
        inner = getattr(block, part, None)
        for statement in inner if isinstance(inner, Sequence) else (inner,):
            if isinstance(statement, cst.CSTNode):
                yield from _set_in(statement)
