"""Local classes: defined, and what they inherit."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from mllint.rules import knowledge
from mllint.source.program import decorators, fields, tree
from mllint.source.program.conditions import simplify
from mllint.source.program.frames import Frame, Signal
from mllint.source.program.values import Class, Function, Missing, Symbol, Value

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


_CLOSED = ("keras.", "tf.", "abc.", "enum.", "unittest.", "typing.Generic", "typing.Protocol", "typing.NamedTuple")
"""Bases that leave what the body of a class says of its instances."""


_SHAPING = ("__new__", "__init_subclass__", "__getattribute__")


def define_class(run: Interpreter, node: cst.ClassDef) -> Signal:
    bases = tuple(_base(run, base.value) for base in node.bases)
    made = Class(node, node, run.new_scope(run.frames[-1].scope), bases)
    run.classes[made.scope] = made
    run.policies[node] = run.policy
    run.frames.append(Frame(made.scope))
    try:
        run.run_body(node.body)
    finally:
        run.frames.pop()
    fields.note(run, made)
    run.bind(node.name.value, run.units.taught(node) or made)
    return None


def _base(run: Interpreter, written: cst.BaseExpression) -> Value:
    """Base[int] is Base."""
    while isinstance(written, cst.Subscript):
        written = written.value
    return run.evaluate(written)


def ancestry(run: Interpreter, made: Class) -> Iterator[Value]:
    """The class and its bases, nearest first: classes of this program, then symbols of libraries."""
    yield made
    for base in made.bases:
        base = simplify(base, run.world)
        if isinstance(base, Class) and base is not made:
            yield from ancestry(run, base)
        else:
            yield base


def find_attribute(run: Interpreter, made: Class, name: str) -> Value | None:
    for ancestor in ancestry(run, made):
        if isinstance(ancestor, Class):
            value = run.store.get((ancestor.scope, name))
            if value is not None:
                return run.present(value)
    return None


def find_method(run: Interpreter, made: Class, name: str) -> Function | None:
    value = find_attribute(run, made, name)
    return value if isinstance(value, Function) else None


def library_base(run: Interpreter, made: Class) -> str | None:
    """The canonical name of the first base from a library: keras.Model, keras.layers.Layer, unittest.TestCase."""
    for ancestor in ancestry(run, made):
        if isinstance(ancestor, Symbol):
            return knowledge.canonical(ancestor.name)
    return None


def is_open(run: Interpreter, made: Class) -> bool:
    """Whether a decorator or a base of a library may give instances other values than the body of the class does."""
    for ancestor in ancestry(run, made):
        if isinstance(ancestor, Class):
            if not decorators.keep_class(run, ancestor.definition, ancestor.scope) or _shapes_itself(run, ancestor):
                return True
        elif not _is_closed(ancestor):
            return True
    return False


def _shapes_itself(run: Interpreter, made: Class) -> bool:
    """Whether the class is given arguments, or says itself how classes below it and instances come to be."""
    keywords = [one for one in made.definition.keywords if "ABCMeta" not in run.units.code(one.value)]
    return bool(keywords) or any(run.store.get((made.scope, name)) is not None for name in _SHAPING)


def _is_closed(base: Value) -> bool:
    if isinstance(base, Symbol):
        return knowledge.canonical(base.name).replace("typing_extensions.", "typing.").startswith(_CLOSED)
    written = base.node.value if isinstance(base, Missing) and isinstance(base.node, cst.Name) else ""
    return isinstance(getattr(builtins, written, None), type)


def is_abstract(run: Interpreter, made: Class) -> bool:
    """Whether a class is there to be inherited from: it says so, or a method that it has is still to be written."""
    if any(_names_abc(base) for base in made.bases) or any(
        keyword.keyword is not None
        and keyword.keyword.value == "metaclass"
        and "ABCMeta" in run.units.code(keyword.value)
        for keyword in made.definition.keywords
    ):
        return True
    methods = (
        find_method(run, made, name)
        for ancestor in ancestry(run, made)
        if isinstance(ancestor, Class)
        for name in tree.abstract_methods(ancestor.definition)
    )
    return any(method is not None and tree.is_abstract(method.definition) for method in methods)


def _names_abc(base: Value) -> bool:
    return isinstance(base, Symbol) and base.name == "abc.ABC"
