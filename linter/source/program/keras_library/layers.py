"""Layers and models applied to tensors, and what comes out of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

import libcst as cst

from mllint.rules import knowledge
from mllint.source.arrays import library as data_library
from mllint.source.program import classes, functions
from mllint.source.program.conditions import simplify
from mllint.source.program.keras_library.cells import BASE, OUTPUT
from mllint.source.program.keras_library.signatures import argument
from mllint.source.program.values import (
    Applied,
    Arguments,
    Bound,
    Choice,
    Constant,
    Entries,
    Function,
    Instance,
    Items,
    ListObject,
    Made,
    Missing,
    Model,
    Nested,
    Partial,
    Placeholder,
    Tensor,
    Value,
)

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

Keywords: TypeAlias = Mapping[str, Value]


def apply(
    run: Interpreter, layer: Value, inputs: Value, node: cst.CSTNode | None = None, keywords: Keywords | None = None
) -> Value:
    """layer(inputs, **keywords) as a tensor."""
    node = node or layer.node
    if isinstance(layer, Made):
        output = _apply_made(run, layer, inputs, node)
    elif isinstance(layer, Model):
        output = nested(run, layer, inputs, node)
    elif isinstance(layer, Instance):
        output = _apply_instance(run, layer, inputs, node, keywords if keywords is not None else {})
    else:
        output = Applied(node, layer, inputs)
    reference = getattr(layer, "reference", None)
    if reference is not None and not isinstance(layer, Model | Instance):
        run.store.set((reference, OUTPUT), output)
    return output


def _apply_made(run: Interpreter, layer: Made, inputs: Value, node: cst.CSTNode | None) -> Value:
    row = knowledge.layers().symbol(layer.symbol)
    wrapped = layer.arguments.get("layer", 0)
    if row is not None and row.name == "keras.layers.TimeDistributed" and wrapped is not None:
        return run.each(wrapped, lambda one: apply(run, one, inputs, node))
    function = layer.arguments.get("function", 0)
    if row is not None and row.role == "lambda" and function is not None:
        traced = run.call(function, Arguments((inputs,), complete=False), as_call(node))
        if isinstance(traced, Tensor | Choice):
            return traced
    activation = argument(layer.arguments, row.signature, row.activation) if row and row.activation else None
    if isinstance(activation, Function | Bound | Partial):
        return _apply_own_activation(run, layer, activation, inputs, node)
    return Applied(node, layer, inputs)


def _apply_own_activation(
    run: Interpreter, layer: Made, activation: Value, inputs: Value, node: cst.CSTNode | None
) -> Value:
    """A layer whose activation is a function of the program: that function on the scores."""
    others = {name: one for name, one in layer.arguments.keywords.items() if one is not activation}
    linear = Constant(activation.node, None)
    positional = tuple(linear if one is activation else one for one in layer.arguments.positional)
    scores = Made(layer.node, layer.symbol, Arguments(positional, others, layer.arguments.complete))
    traced = run.call(activation, Arguments((Applied(node, scores, inputs),)), as_call(activation.node))
    return traced if isinstance(traced, Tensor) else Applied(node, layer, inputs)


def nested(run: Interpreter, model: Value, inputs: Value, node: cst.CSTNode | None) -> Value:
    output = output_of(run, model)
    if isinstance(output, Items):
        return Items(node, tuple(Nested(node, one, inputs) for one in output.values))
    if isinstance(output, Entries):
        return Entries(node, {key: Nested(node, one, inputs) for key, one in output.values.items()}, output.complete)
    return Nested(node, output, inputs)


def _apply_instance(
    run: Interpreter, instance: Instance, inputs: Value, node: cst.CSTNode | None, keywords: Keywords
) -> Value:
    call = classes.find_method(run, instance.type, "call") or classes.find_method(run, instance.type, "__call__")
    if call is not None:
        return _trace(run, call, instance, Arguments((inputs,), keywords), as_call(node))
    base = run.store.get((instance.reference, BASE))
    if isinstance(base, Made):
        return Applied(node, base, inputs)
    if run.store.get((instance.reference, OUTPUT)) is not None:
        return nested(run, instance, inputs, node)
    return Applied(node, instance, inputs)


def _trace(run: Interpreter, function: Function, receiver: Value | None, arguments: Arguments, node: cst.Call) -> Value:
    """The tensor that a layer's or model's call method makes of its first argument."""
    first, *rest = arguments.positional or (Placeholder(node),)
    if isinstance(first, Missing | Constant) or data_library.stands_for_input(first):
        first = Placeholder(first.node)
    given = Arguments((first, *rest), arguments.keywords, arguments.complete)
    return run.frozen(functions.enter(run, function, given, node, receiver))


def output_of(run: Interpreter, model: Value) -> Value:
    """What a model puts out: a tensor, Items or Entries of tensors, or Missing with the reason."""
    model = simplify(model, run.world)
    if isinstance(model, Choice):
        return run.each(model, lambda one: output_of(run, one))
    if isinstance(model, Model | Instance):
        output = run.store.get((model.reference, OUTPUT))
        if output is not None:
            return simplify(output, run.world)
    if isinstance(model, Instance):
        call = classes.find_method(run, model.type, "call")
        if call is not None:
            return _trace(run, call, model, _in_training(call, model), as_call(model.node))
        if run.store.get((model.reference, BASE)) is not None:
            return _apply_instance(run, model, Placeholder(model.node), model.node, {})
        return Missing(model.node, f"{model.type.name} has no call method here")
    if isinstance(model, Missing):
        return Missing(model.node, f"the model is not known: {model.reason}")
    return Missing(model.node, "the model is not known")


def _in_training(call: Function, model: Instance) -> Arguments:
    """What fit() calls a model with."""
    names = [param.name.value for param in call.definition.params.params]
    keywords = {"training": Constant(model.node, True)} if "training" in names else {}
    return Arguments((Placeholder(model.node),), keywords)


def inputs_of(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    """The tensors a layer is called on; an unknown one is still a tensor."""
    given = arguments.get("inputs", 0)
    tensors = [one for one in arguments.positional if isinstance(one, Tensor)]
    if isinstance(given, ListObject):
        return Items(node, tuple(_symbolic(one, node) for one in run.iterate(given) or ()))
    if len(tensors) > 1:
        return Items(node, tuple(tensors))
    return Placeholder(node) if given is None or isinstance(given, Missing | Constant) else _symbolic(given, node)


def _symbolic(value: Value, node: cst.CSTNode) -> Value:
    """Data that a layer is called on, as the tensor that it stands for."""
    return Placeholder(node) if data_library.stands_for_input(value) else value


def as_call(node: cst.CSTNode | None) -> cst.Call:
    return node if isinstance(node, cst.Call) else cst.Call(cst.Name("call"))
