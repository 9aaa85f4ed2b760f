"""Objects of Keras: called, and the attributes that it gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from mllint.rules import knowledge
from mllint.source.arrays import encoders
from mllint.source.program import classes, functions
from mllint.source.program.keras_library import layers, losses
from mllint.source.program.keras_library.cells import LAYERS, OUTPUT
from mllint.source.program.values import Arguments, Instance, Items, Made, Missing, Model, Placeholder, Tensor, Value

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


def call_object(run: Interpreter, called: Value, arguments: Arguments, node: cst.Call) -> Value:
    """Call a layer, a model, a loss or an instance of a class of this program."""
    if isinstance(called, Made):
        loss = knowledge.losses().symbol(called.symbol)
        if loss is not None:
            spelling = loss.spelling(called.symbol)
            if spelling is None:
                return Missing(node, "a loss")
            return losses.call_loss(run, called, spelling, arguments, node)
        if knowledge.layers().symbol(called.symbol) is None and not called.symbol.startswith("keras.layers."):
            return Missing(node, f"what {called.symbol} returns is not known")
    if isinstance(called, Instance) and not _is_layer(run, called):
        for name in ("__call__", "call"):
            method = classes.find_method(run, called.type, name)
            if method is not None:
                return functions.enter(run, method, arguments, node, called)
        return Missing(node, f"{called.type.name} is not called in a way that is followed")
    given = arguments.get("inputs", 0)
    if isinstance(called, Made) and given is not None and not isinstance(given, Tensor):
        encoded = encoders.encode(run, called, given, node)
        if encoded is not None:
            return encoded
    inputs = layers.inputs_of(run, arguments, node)
    return layers.apply(run, called, inputs, node, arguments.keywords)


def _is_layer(run: Interpreter, instance: Instance) -> bool:
    base = classes.library_base(run, instance.type) or ""
    return base in ("keras.Model", "keras.Sequential", "tf.Module") or base.startswith("keras.layers.")


def attribute(run: Interpreter, receiver: Value, name: str, node: cst.CSTNode) -> Value | None:
    """An attribute that Keras gives a model or a layer; None for any other."""
    if isinstance(receiver, Made) and name == "output":
        return run.store.get((receiver.reference, OUTPUT))
    if not isinstance(receiver, Model | Instance):
        return None
    if name == "output" and isinstance(receiver, Model):
        return layers.output_of(run, receiver)
    if name == "outputs" and isinstance(receiver, Model):
        output = layers.output_of(run, receiver)
        return output if isinstance(output, Items) else Items(node, (output,))
    if name in ("input", "inputs"):
        return Placeholder(node)
    if name == "layers":
        known = run.store.get((receiver.reference, LAYERS))
        return known if known is not None else Missing(node, "the layers of a model that was not built as a list")
    return None
