"""Losses: called on labels and a prediction, or handed to compile() as a function of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from mllint.rules import knowledge
from mllint.source.program import instances, sites
from mllint.source.program.conditions import simplify
from mllint.source.program.keras_library import layers
from mllint.source.program.keras_library.signatures import argument
from mllint.source.program.values import (
    Applied,
    Arguments,
    Bound,
    Choice,
    Class,
    Constant,
    Entries,
    Function,
    Instance,
    Items,
    LossValue,
    Missing,
    Nested,
    Operation,
    Placeholder,
    Tensor,
    Value,
)

if TYPE_CHECKING:
    from mllint.rules.knowledge.rows import LossSpelling
    from mllint.source.program.interpreter import Interpreter


def call_loss(run: Interpreter, loss: Value, spelling: LossSpelling, arguments: Arguments, node: cst.Call) -> Value:
    """loss(labels, prediction): a training site where the prediction is one that layers made."""
    labels, prediction = called_with(spelling, arguments)
    if prediction is None:
        return Missing(node, "a loss called without a prediction")
    if _is_computed(prediction) or (_is_prediction(labels) and not isinstance(prediction, Tensor)):
        sites.record(run, node, "loss-call", prediction, run.frozen(prediction), arguments, loss)
    return LossValue(node, loss, arguments, prediction)


def called_with(spelling: LossSpelling, arguments: Arguments) -> tuple[Value | None, Value | None]:
    """The labels and the prediction a loss is called with."""
    if spelling.kind == "class":
        return arguments.get("y_true", 0), arguments.get("y_pred", 1)
    labels = argument(arguments, spelling.signature, spelling.labels_parameter)
    return labels, argument(arguments, spelling.signature, spelling.predictions_parameter)


def is_swapped(spelling: LossSpelling, arguments: Arguments) -> bool:
    """Whether the prediction was given where the labels belong."""
    labels, prediction = called_with(spelling, arguments)
    return _is_prediction(labels) and not isinstance(prediction, Tensor | Choice)


def _is_computed(value: Value | None) -> bool:
    return isinstance(value, Tensor) and not isinstance(value, Placeholder)


def _is_prediction(value: Value | None) -> bool:
    """Whether the value certainly comes out of layers or an activation (ones_like(prediction) does not)."""
    if isinstance(value, Operation):
        passes = value.symbol == "keras.Model.predict" or knowledge.activations().symbol(value.symbol) is not None
        return passes and any(_is_prediction(one) for one in value.arguments.positional)
    return isinstance(value, Applied | Nested)


def operate_on_loss(operator: str, left: Value, right: Value, node: cst.CSTNode) -> Value:
    """A loss times a constant is that loss; a sum of losses is the program's own."""
    loss, other = (left, right) if isinstance(left, LossValue) else (right, left)
    if operator in ("Multiply", "Divide") and isinstance(other, Constant) and isinstance(loss, LossValue):
        return loss
    return Missing(node, "a loss made of several parts")


def traced(run: Interpreter, loss: Value) -> Value:
    """A loss function of the program as the known loss that it returns, if it returns just one."""
    if isinstance(loss, Choice):
        return run.each(loss, lambda one: traced(run, one))
    if isinstance(loss, Items):
        return Items(loss.node, tuple(traced(run, one) for one in loss.values))
    if isinstance(loss, Entries):
        return Entries(loss.node, {key: traced(run, one) for key, one in loss.values.items()}, loss.complete)
    if isinstance(loss, Class):
        loss = instances.instantiate(run, loss, Arguments(), layers.as_call(loss.node))
    if not isinstance(loss, Function | Bound | Instance):
        return loss
    recorded = len(run.sites)
    labels = Missing(loss.node, "the labels")
    pair = Arguments((labels, Placeholder(loss.node)))
    result = simplify(run.call(loss, pair, layers.as_call(loss.node)), run.world)
    # What the loss does to y_pred is judged together with the model that it is compiled with.
    del run.sites[recorded:]
    if not isinstance(result, LossValue):
        return loss
    given = (*result.arguments.positional, *result.arguments.keywords.values())
    is_changed = all(one is not labels for one in given)
    return LossValue(result.node, result.loss, result.arguments, result.prediction, is_changed)
