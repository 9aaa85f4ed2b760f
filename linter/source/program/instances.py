"""Instances of local classes: made, and the attributes that their methods set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from mllint.source.program import classes, functions, records, tree
from mllint.source.program.conditions import simplify
from mllint.source.program.frames import NO_CALL
from mllint.source.program.keras_library import models
from mllint.source.program.values import Arguments, Class, Function, Instance, Value

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


def instantiate(run: Interpreter, made: Class, arguments: Arguments, node: cst.Call) -> Value:
    instance = Instance(node, made)
    run.instances[made.definition] = instance
    record = records.record_of(run, made)
    initializer = classes.find_method(run, made, "__init__")
    if record is not None:
        records.initialize(run, instance, record, arguments)
    elif initializer is not None:
        if records.may_be_filled(run, made):
            run.opened.add(instance.reference)
        functions.enter(run, initializer, arguments, node, instance)
    else:
        models.initialize(run, instance, arguments)
        if classes.library_base(run, made) is None and (arguments.positional or arguments.keywords):
            run.opened.add(instance.reference)
    return instance


def attribute_of_instance(run: Interpreter, instance: Instance, name: str) -> Value | None:
    value = run.store.get((instance.reference, name))
    if value is None and _run_method_that_sets(run, instance, name):
        value = run.store.get((instance.reference, name))
    return simplify(value, run.world) if value is not None else None


def _run_method_that_sets(run: Interpreter, instance: Instance, name: str) -> bool:
    """An attribute that no method has set yet may be set by one that only other files call."""
    for ancestor in classes.ancestry(run, instance.type):
        if not isinstance(ancestor, Class):
            continue
        for method in _methods_setting(run, ancestor.definition, name):
            function = run.store.get((ancestor.scope, method))
            if isinstance(function, Function) and function.definition not in run.entered:
                functions.enter(run, function, Arguments(complete=False), NO_CALL, instance)
                return True
    return False


def _methods_setting(run: Interpreter, definition: cst.ClassDef, attribute: str) -> tuple[str, ...]:
    if definition not in run.may_set:
        run.may_set[definition] = tree.methods_that_may_set(definition, run.units.code)
    if (definition, attribute) not in run.setters:
        methods = run.may_set[definition].get(attribute, ())
        run.setters[definition, attribute] = tuple(one.name.value for one in methods if tree.sets(one, attribute))
    return run.setters[definition, attribute]
