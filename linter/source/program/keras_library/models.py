"""Models built of layers: Sequential, Model(inputs, outputs), applications, and classes that inherit from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from mllint.rules import knowledge
from mllint.source.program import classes
from mllint.source.program.conditions import simplify
from mllint.source.program.keras_library import layers
from mllint.source.program.keras_library.cells import BASE, LAYERS, OUTPUT, TRAIL
from mllint.source.program.keras_library.signatures import argument
from mllint.source.program.values import (
    Applied,
    Arguments,
    Choice,
    Constant,
    Instance,
    Items,
    Made,
    Missing,
    Model,
    Placeholder,
    Value,
)

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


def new_model(run: Interpreter, node: cst.CSTNode, output: Value) -> Model:
    model = Model(node)
    run.store.set((model.reference, OUTPUT), output)
    return model


def functional(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    return new_model(run, node, _functional_output(run, arguments, node))


def _functional_output(run: Interpreter, arguments: Arguments, node: cst.CSTNode) -> Value:
    outputs = arguments.get("outputs", 1) or arguments.get("output")
    return run.frozen(outputs) if outputs is not None else Missing(node, "the model's outputs are not given here")


def sequential(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    model = Model(node, sequential=True)
    _start_sequential(run, model.reference, arguments, node)
    return model


def _start_sequential(run: Interpreter, reference: int, arguments: Arguments, node: cst.CSTNode) -> None:
    run.store.set((reference, OUTPUT), Placeholder(node))
    run.store.set((reference, LAYERS), Items(node, ()))
    run.store.set((reference, TRAIL), Items(node, ()))
    given = arguments.get("layers", 0)
    if given is None or (isinstance(given, Constant) and given.value is None):
        return
    if isinstance(given, Choice):
        run.each(given, lambda one: _add_all(run, reference, one, node))
    else:
        _add_all(run, reference, given, node)


def _add_all(run: Interpreter, reference: int, given: Value, node: cst.CSTNode) -> Value:
    items = run.iterate(given)
    if items is None:
        run.store.set((reference, OUTPUT), Missing(node, "the list of layers is not known"))
    for layer in items or ():
        add(run, reference, layer)
    return Constant(node, None)


def add(run: Interpreter, reference: int, layer: Value) -> None:
    """Sequential.add."""
    if isinstance(layer, Constant) and layer.value is None:
        return
    before = run.store.get((reference, OUTPUT)) or Missing(layer.node, "a model that is not known")
    before = simplify(before, run.world)
    for cell, item in ((LAYERS, layer), (TRAIL, before)):
        state = run.store.get((reference, cell))
        items = run.iterate(state) if state is not None else None
        known = Items(layer.node, (*items, item)) if items is not None else Missing(layer.node, "layers not known")
        run.store.set((reference, cell), known)
    after = run.each(layer, lambda one: layers.apply(run, one, before))
    run.store.set((reference, OUTPUT), after)


def pop(run: Interpreter, reference: int, node: cst.Call) -> None:
    states = (run.store.get((reference, cell)) for cell in (TRAIL, LAYERS))
    before, kept = (run.iterate(state) if state is not None else None for state in states)
    if not before or not kept:
        run.store.set((reference, OUTPUT), Missing(node, "a layer is taken off a model that is not known"))
        return
    run.store.set((reference, OUTPUT), before[-1])
    run.store.set((reference, TRAIL), Items(node, before[:-1]))
    run.store.set((reference, LAYERS), Items(node, kept[:-1]))


def get_layer(run: Interpreter, model: Model | Instance, arguments: Arguments, node: cst.Call) -> Value:
    wanted = arguments.get("name", 0)
    state = run.store.get((model.reference, LAYERS))
    for layer in (run.iterate(state) if state is not None else None) or ():
        name = layer.arguments.get("name") if isinstance(layer, Made) else None
        if isinstance(name, Constant) and isinstance(wanted, Constant) and name.value == wanted.value:
            return layer
    return Missing(node, "a layer taken from a model by name")


def application(run: Interpreter, name: str, arguments: Arguments, node: cst.Call) -> Value:
    """A model of keras.applications: its default head is Dense(classes, classifier_activation)."""
    row = knowledge.applications().symbol(name)
    assert row is not None
    top = argument(arguments, row.signature, "include_top")
    if isinstance(top, Constant) and not top.value:
        return new_model(run, node, Applied(node, Made(node, name, arguments), Placeholder(node)))
    if top is not None and not isinstance(top, Constant):
        return new_model(run, node, Missing(node, "include_top is not known"))
    keywords: dict[str, Value] = {}
    for parameter, given in (("units", "classes"), ("activation", "classifier_activation")):
        default = Constant(node, row.signature.defaults.get(given))
        keywords[parameter] = argument(arguments, row.signature, given) or default
    head = Made(node, "keras.layers.Dense", Arguments((), keywords))
    return new_model(run, node, Applied(node, head, Placeholder(node)))


def initialize(run: Interpreter, instance: Instance, arguments: Arguments, base: str | None = None) -> None:
    """The __init__ of `base`, or of the first class of Keras that a class of this program inherits from."""
    base = base or classes.library_base(run, instance.type) or ""
    node = instance.node or instance.type.definition
    if base == "keras.Sequential":
        _start_sequential(run, instance.reference, arguments, node)
    elif base == "keras.Model":
        if arguments.get("outputs", 1) is not None:
            run.store.set((instance.reference, OUTPUT), _functional_output(run, arguments, node))
    elif base.startswith("keras.layers.") and base != "keras.layers.Layer":
        run.store.set((instance.reference, BASE), Made(node, base, arguments))
