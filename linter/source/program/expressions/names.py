"""Names, and the attributes of what they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from mllint.source.arrays import library as data_library
from mllint.source.program import classes, functions, instances, tree, unseen
from mllint.source.program.conditions import simplify
from mllint.source.program.files import paths
from mllint.source.program.files.values import FilePath
from mllint.source.program.keras_library import objects, symbols
from mllint.source.program.python_library import builtin_functions
from mllint.source.program.values import (
    Arguments,
    Bound,
    Choice,
    Class,
    Constant,
    Function,
    Instance,
    Method,
    Missing,
    Namespace,
    Super,
    Symbol,
    Value,
)

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


_CONSTANTS = {"True": True, "False": False, "None": None}


def evaluate_name(run: Interpreter, node: cst.Name) -> Value:
    if node.value in _CONSTANTS:
        return Constant(node, _CONSTANTS[node.value])
    value = run.lookup(node.value)
    if isinstance(value, Symbol) and tree.is_import(value.node):
        return Symbol(node, value.name)  # what a program imports, it writes where it uses it
    if value is not None:
        return value
    if node.value == "__name__":
        return Constant(node, run.units.of(run.frames[-1].scope).name)
    if node.value == "__file__" and (path := run.units.path_here()) is not None:
        return Constant(node, path)
    if node.value == "open" or f"builtins.{node.value}" in builtin_functions.FUNCTIONS:
        return Symbol(node, f"builtins.{node.value}")
    if node.value in symbols.UNIMPORTED:
        return Symbol(node, symbols.UNIMPORTED[node.value])
    return Missing(node, f"{node.value} is not defined in this file")


def evaluate_attribute(run: Interpreter, node: cst.Attribute) -> Value:
    receiver = run.evaluate(node.value)
    if not isinstance(receiver, Choice):
        return attribute(run, receiver, node.attr.value, node)
    return run.each(receiver, lambda one: attribute(run, one, node.attr.value, node))


def attribute(run: Interpreter, receiver: Value, name: str, node: cst.CSTNode) -> Value:
    """`receiver.name`."""
    if name == "__dict__":
        unseen.forget(run, receiver, "it may have been changed by its __dict__", node)
    if isinstance(receiver, Symbol):
        return Symbol(node, f"{receiver.name}.{name}")
    if isinstance(receiver, Namespace):
        found = run.units.attribute(receiver, name, node)
        return simplify(found, run.world) if found is not None else run.units.unknown(receiver, name, node)
    if isinstance(receiver, Instance):
        return _attribute_of_instance(run, receiver, name, node)
    if isinstance(receiver, Class):
        return classes.find_attribute(run, receiver, name) or Missing(node, f"{receiver.name}.{name} is not known")
    if isinstance(receiver, Super):
        return _attribute_of_super(run, receiver, name, node)
    if isinstance(receiver, FilePath) and (found := paths.attribute(receiver, name, node)) is not None:
        return found
    if isinstance(receiver, Missing):
        # A method of something unknown may still be a compile call, so the name is kept.
        return Method(node, receiver, name)
    reference = getattr(receiver, "reference", None)
    stored = run.store.get((reference, name)) if reference is not None and name not in ("output", "<items>") else None
    if stored is not None:
        return simplify(stored, run.world)
    found = data_library.attribute(run, receiver, name, node) or objects.attribute(run, receiver, name, node)
    return found or Method(node, receiver, name)


def _attribute_of_instance(run: Interpreter, receiver: Instance, name: str, node: cst.CSTNode) -> Value:
    found = classes.find_attribute(run, receiver.type, name)
    is_own = run.store.get((receiver.reference, name)) is not None
    if isinstance(found, Function) and (not is_own or tree.has_decorator(found, "property")):
        if tree.has_decorator(found, "property"):
            return functions.enter(run, found, Arguments(), cst.Call(cst.Name(name)), receiver)
        return found if tree.has_decorator(found, "staticmethod") else Bound(node, found, receiver)
    own = instances.attribute_of_instance(run, receiver, name)
    if own is not None:
        return own
    if found is not None and (receiver.reference in run.opened or classes.is_open(run, receiver.type)):
        return Missing(node, f"{name} of {receiver.type.name} may be set where it is made")
    if found is not None:
        return found
    return objects.attribute(run, receiver, name, node) or Method(node, receiver, name)


def _attribute_of_super(run: Interpreter, receiver: Super, name: str, node: cst.CSTNode) -> Value:
    for base in receiver.owner.bases:
        base = simplify(base, run.world)
        if isinstance(base, Class):
            found = classes.find_attribute(run, base, name)
            if isinstance(found, Function):
                return Bound(node, found, receiver.receiver)
    return Method(node, receiver, name)
