"""Functions and classes of Keras and TensorFlow, called by their names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from mllint.rules import knowledge
from mllint.source.program.keras_library import losses, models
from mllint.source.program.keras_library.signatures import argument
from mllint.source.program.values import (
    Arguments,
    Constant,
    LossValue,
    Made,
    Missing,
    Operation,
    Placeholder,
    Symbol,
    Tensor,
    Value,
)

if TYPE_CHECKING:
    from mllint.rules.knowledge.rows import LayerRow
    from mllint.source.program.interpreter import Interpreter

UNIMPORTED = {
    "tf": "tensorflow",
    **{name: name for name in ("keras", "tensorflow")},
    **{name: f"keras.{name}" for name in ("Sequential", "Model", "Input")},
    **{name: f"keras.layers.{name}" for name in ("Dense", "Activation", "Dropout", "Flatten", "Conv2D", "LSTM")},
    **{name: f"keras.{name}" for name in ("layers", "losses", "models")},
}
"""What these names mean in a snippet that leaves its imports out, or has them from a star import of its own."""
_SAME_MODEL = (
    "keras.models.clone_model",
    "keras.utils.multi_gpu_model",
    "keras.models.clone_and_build_model",
    "tensorflow_model_optimization.sparsity.keras.prune_low_magnitude",
    "tensorflow_model_optimization.sparsity.keras.strip_pruning",
    "tensorflow_model_optimization.quantization.keras.quantize_model",
)
_SAME_VALUE = ("tf.function", "keras.losses.get", "keras.activations.get", "keras.saving.register_keras_serializable")
_MEANS = frozenset(
    f"{module}.{name}"
    for module in ("tf", "tf.math", "keras.backend", "keras.ops")
    for name in ("reduce_mean", "reduce_sum", "mean", "sum", "cast", "identity")
)
_LOADERS = ("load_model", "model_from_json", "model_from_yaml", "model_from_config", "from_pretrained", "from_preset")
_CONSTANTS = ("constant", "convert_to_tensor", "float32", "float64", "int32", "int64")
"""Functions that make a tensor or array of one Python number."""
_MADE = ("keras.layers.", "keras.optimizers.", "keras.callbacks.")
_POLICIES = ("set_global_policy", "set_policy", "set_dtype_policy")


def is_known(name: str) -> bool:
    """Whether a canonical name is one that a star import from Keras brings: of an object, or of a module of its."""
    return name in _CONSTRUCTORS or name in _MODULES or not _SECTIONS.isdisjoint(knowledge.sections_of(name))


_SECTIONS = frozenset({"layers", "losses", "activations", "metrics", "applications"})
"""The knowledge that is of Keras itself."""
_MODULES = frozenset(
    f"keras.{name}" for name in ("activations", "applications", "layers", "losses", "metrics", "models", "optimizers")
)


def call_symbol(run: Interpreter, name: str, arguments: Arguments, node: cst.Call) -> Value:
    """Call a class or function of a library by its canonical name."""
    name = UNIMPORTED.get(name, name)
    constructor = _CONSTRUCTORS.get(name)
    if constructor is not None:
        return constructor(run, arguments, node)
    if not knowledge.sections_of(name):
        return Made(node, name, arguments) if name.startswith(_MADE) else _call_function(run, name, arguments, node)
    layer = knowledge.layers().symbol(name)
    if layer is not None:
        _note_unknown_activation(run, layer, arguments)
    if layer is not None or name.startswith(_MADE):
        return Made(node, name, arguments)
    loss = knowledge.losses().symbol(name)
    if loss is not None:
        spelling = loss.spelling(name)
        if spelling is None or spelling.kind == "class":
            return Made(node, name, arguments)
        return losses.call_loss(run, Symbol(node, name), spelling, arguments, node)
    if knowledge.metrics().symbol(name) is not None and name.rpartition(".")[2][0].isupper():
        return Made(node, name, arguments)
    if knowledge.applications().symbol(name) is not None:
        return models.application(run, name, arguments, node)
    return _call_function(run, name, arguments, node)


def _note_unknown_activation(run: Interpreter, layer: LayerRow, arguments: Arguments) -> None:
    if run.units.is_importing:
        return  # a layer of other models than this file trains
    asked = argument(arguments, layer.signature, layer.activation) if layer.activation is not None else None
    if not isinstance(asked, Constant) or not isinstance(asked.value, str):
        return
    if knowledge.activations().identify(asked.value) is None:
        run.unknown_activations.append(asked)


def _call_function(run: Interpreter, name: str, arguments: Arguments, node: cst.Call) -> Value:
    last = name.rpartition(".")[2]
    first = arguments.positional[0] if arguments.positional else None
    if (name in _SAME_MODEL or name in _SAME_VALUE) and first is not None:
        return first
    if name in _MEANS and isinstance(first, LossValue):
        return first
    if last in _CONSTANTS and isinstance(first, Constant) and not isinstance(first.value, str):
        return first
    if last in _POLICIES and arguments.positional:
        run.policy = first
        return Constant(node, None)
    if last in _LOADERS:
        return models.new_model(run, node, Missing(node, "the model is loaded, not built, here"))
    given = (*arguments.positional, *arguments.keywords.values())
    if knowledge.activations().symbol(name) is not None and given:
        return Operation(node, name, arguments)
    if any(isinstance(one, Tensor) or _holds_tensor(run, one) for one in given):
        return Operation(node, name, arguments)
    if name.startswith("."):
        return Missing(node, f"{last}() comes from another file")
    return Missing(node, f"what {name}() returns is not known")


def _holds_tensor(run: Interpreter, value: Value) -> bool:
    items = run.iterate(value)
    return items is not None and any(isinstance(item, Tensor) for item in items)


def _input(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    return Placeholder(node)


_CONSTRUCTORS: dict[str, Callable[[Interpreter, Arguments, cst.Call], Value]] = {
    "keras.Input": _input,
    "keras.backend.placeholder": _input,
    "tf.compat.v1.placeholder": _input,
    "tf.placeholder": _input,
    "keras.Model": models.functional,
    "keras.Sequential": models.sequential,
}
