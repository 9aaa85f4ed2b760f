"""Methods of models, layers and tensors: compile(), fit(), predict(), add() and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from mllint.source.program import records, sites
from mllint.source.program.keras_library import layers, losses, models, objects
from mllint.source.program.keras_library.cells import BASE
from mllint.source.program.values import (
    Applied,
    Arguments,
    Class,
    Constant,
    Instance,
    Made,
    Method,
    Missing,
    Model,
    Operation,
    Placeholder,
    Prediction,
    Super,
    Tensor,
    Value,
)
from mllint.source.reading import decodings, fits

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

_COMPILE_PARAMETERS = ("optimizer", "loss", "metrics")
_FIT_METHODS = ("fit", "fit_generator", "train_on_batch", "evaluate", "test_on_batch")
_PREDICT_METHODS = ("predict", "predict_on_batch", "predict_proba", "predict_generator")


def call_method(run: Interpreter, method: Method, arguments: Arguments, node: cst.Call) -> Value:
    """A method of a model, a layer, a tensor, or of something unknown that is treated like a model."""
    receiver = method.receiver
    if isinstance(receiver, Super):
        return _call_super(run, receiver, method.name, arguments, node)
    if method.name == "compile" and _looks_like_compile(arguments):
        return _compile(run, receiver, arguments, node)
    if isinstance(receiver, Model | Instance):
        return _call_model(run, receiver, method.name, arguments, node)
    if isinstance(receiver, Tensor):
        return Operation(
            node, f"tensor.{method.name}", Arguments((receiver, *arguments.positional), arguments.keywords)
        )
    if isinstance(receiver, Made) and method.name in ("call", "__call__"):
        return objects.call_object(run, receiver, arguments, node)
    if isinstance(receiver, Missing):
        return Missing(node, receiver.reason)
    return Missing(node, f"what {method.name}() returns is not known")


def _looks_like_compile(arguments: Arguments) -> bool:
    """Keras' compile, not re.compile or the builtin."""
    if any(name in arguments.keywords for name in (*_COMPILE_PARAMETERS, "run_eagerly", "weighted_metrics")):
        return True
    if not arguments.complete:
        return True
    return (
        bool(arguments.positional) and not arguments.keywords and len(arguments.positional) <= len(_COMPILE_PARAMETERS)
    )


def _compile(run: Interpreter, model: Value, arguments: Arguments, node: cst.Call) -> Value:
    frozen = Arguments(
        tuple(run.frozen(one) for one in arguments.positional),
        {name: run.frozen(one) for name, one in arguments.keywords.items()},
        arguments.complete,
    )
    loss = frozen.get("loss", 1)
    if loss is not None:
        keywords = {**frozen.keywords, "loss": losses.traced(run, loss)}
        frozen = Arguments(frozen.positional, keywords, frozen.complete)
    sites.record(run, node, "compile", model, layers.output_of(run, model), frozen)
    return Constant(node, None)


def _call_super(run: Interpreter, receiver: Super, name: str, arguments: Arguments, node: cst.Call) -> Value:
    instance = receiver.receiver
    if not isinstance(instance, Instance):
        return Missing(node, "super() of something that is not known")
    if name == "__init__":
        bases = (base for base in receiver.owner.bases if isinstance(base, Class))
        record = next((found for base in bases if (found := records.record_of(run, base)) is not None), None)
        if record is not None:
            records.initialize(run, instance, record, arguments)
        else:
            models.initialize(run, instance, arguments)
        return Constant(node, None)
    if name == "compile" and _looks_like_compile(arguments):
        return _compile(run, instance, arguments, node)
    if name in ("call", "__call__"):
        base = run.store.get((instance.reference, BASE))
        return Applied(node, base if base is not None else instance, layers.inputs_of(run, arguments, node))
    return Missing(node, f"what super().{name}() returns is not known")


def _call_model(run: Interpreter, model: Model | Instance, name: str, arguments: Arguments, node: cst.Call) -> Value:
    if name == "add" and arguments.positional:
        models.add(run, model.reference, arguments.positional[0])
    elif name == "pop":
        models.pop(run, model.reference, node)
    elif name in _FIT_METHODS:
        return fits.record(run, model, name, arguments, node)
    elif name in _PREDICT_METHODS:
        run.predicted.add(model.reference)
        predicted = layers.nested(run, model, Placeholder(node), node)
        return Prediction(node, "keras.Model.predict", Arguments((predicted,)), model.reference)
    elif name == "predict_classes":
        decodings.record(run, model.reference, "predict_classes", node)
    elif name in ("call", "__call__"):
        return layers.apply(run, model, layers.inputs_of(run, arguments, node), node, arguments.keywords)
    elif name == "get_layer":
        return models.get_layer(run, model, arguments, node)
    return Missing(node, f"what {name}() returns is not known")
