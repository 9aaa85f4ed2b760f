"""Decorators: which of them leave a definition and its defaults as they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from mllint.rules import knowledge
from mllint.source.program import tree
from mllint.source.program.frames import Frame
from mllint.source.program.values import Function, Missing, Symbol

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

DATACLASSES = frozenset({"dataclasses.dataclass"})
ATTRS = frozenset(
    {"attrs.define", "attrs.frozen", "attrs.mutable", "attr.define", "attr.frozen", "attr.mutable", "attr.dataclass"}
)
CLASSIC_ATTRS = frozenset({"attr.s", "attr.attrs", "attr.attributes"})
"""Of these, an annotation alone makes no field unless auto_attribs says so."""

_BUILTINS = frozenset({"staticmethod", "classmethod", "property"})
_ACCESSORS = frozenset({"setter", "getter", "deleter"})
_KEEPING = ("tf.", "keras.", "abc.", "contextlib.", "pytest.", "typing.", "typing_extensions.", "unittest.")
_KEEPING_FUNCTIONS = frozenset(
    f"functools.{name}"
    for name in ("wraps", "lru_cache", "cache", "cached_property", "singledispatch", "singledispatchmethod")
)
_KEEPING_CLASSES = DATACLASSES | ATTRS | CLASSIC_ATTRS | {"functools.total_ordering", "enum.unique"}


def keep_defaults(run: Interpreter, function: Function) -> bool:
    """Whether a parameter that no argument is given for has its default: a decorator may give it another value, as
    that of a configuration file."""
    definition = function.definition
    if not isinstance(definition, cst.FunctionDef):
        return True
    owner = function.owner
    if definition.name.value == "__init__" and owner is not None and not keep_class(run, owner.definition, owner.scope):
        return False
    if not definition.decorators:
        return True
    if definition not in run.keeping:
        run.keeping[definition] = all(_keeps_defaults(name) for name in names(run, definition, function.scope))
    return run.keeping[definition]


def _keeps_defaults(name: str | None) -> bool:
    return name is not None and (name in _BUILTINS | _KEEPING_FUNCTIONS or name.startswith(_KEEPING))


def keep_class(run: Interpreter, definition: cst.ClassDef, scope: int) -> bool:
    """Whether the decorators of a class leave what its body says; `scope` is one in which their names are known."""
    if not definition.decorators:
        return True
    if definition not in run.keeping:
        found = names(run, definition, scope)
        run.keeping[definition] = all(name in _KEEPING_CLASSES or _keeps_defaults(name) for name in found)
    return run.keeping[definition]


def names(run: Interpreter, definition: cst.FunctionDef | cst.ClassDef, scope: int) -> tuple[str | None, ...]:
    """The canonical name of each decorator; None for one of this program, and for one that is not known."""
    run.frames.append(Frame(scope))
    try:
        return tuple(_name(run, decorator) for decorator in definition.decorators)
    finally:
        run.frames.pop()


def _name(run: Interpreter, decorator: cst.Decorator) -> str | None:
    node = decorator.decorator
    written = node.func if isinstance(node, cst.Call) else node
    text = tree.dotted_name(written)
    if "" in text.split("."):
        return None
    if text.rpartition(".")[2] in _ACCESSORS:
        return "property"
    value = run.evaluate(written)
    if isinstance(value, Missing) and text in _BUILTINS:
        return text
    return knowledge.canonical(value.name) if isinstance(value, Symbol) else None
