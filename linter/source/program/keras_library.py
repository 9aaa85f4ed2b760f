"""What the interpreter knows of Keras and TensorFlow: how layers, models and losses are made and called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

import libcst as cst

from mllint.rules import knowledge
from mllint.source.arrays import encoders
from mllint.source.arrays import library as data_library
from mllint.source.program import classes, functions, instances, sites
from mllint.source.program.conditions import simplify
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
    ListObject,
    LossValue,
    Made,
    Method,
    Missing,
    Model,
    Nested,
    Operation,
    Partial,
    Placeholder,
    Prediction,
    Super,
    Symbol,
    Tensor,
    Value,
)
from mllint.source.reading import decodings, fits

if TYPE_CHECKING:
    from mllint.rules.knowledge.rows import LayerRow, LossSpelling, Signature
    from mllint.source.program.interpreter import Interpreter

Keywords: TypeAlias = Mapping[str, Value]

OUTPUT, LAYERS, TRAIL, BASE = "<output>", "<layers>", "<trail>", "<base>"
"""Cells of a model's state: what it puts out, its layers, the outputs before each layer, the layer it extends."""

COMPILE_PARAMETERS = ("optimizer", "loss", "metrics")
FIT_METHODS = ("fit", "fit_generator", "train_on_batch", "evaluate", "test_on_batch")
PREDICT_METHODS = ("predict", "predict_on_batch", "predict_proba", "predict_generator")
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
UNIMPORTED = {
    "tf": "tensorflow",
    **{name: name for name in ("keras", "tensorflow")},
    **{name: f"keras.{name}" for name in ("Sequential", "Model", "Input")},
    **{name: f"keras.layers.{name}" for name in ("Dense", "Activation", "Dropout", "Flatten", "Conv2D", "LSTM")},
    **{name: f"keras.{name}" for name in ("layers", "losses", "models")},
}
"""What these names mean in a snippet that leaves its imports out, or has them from a star import of its own."""
_CONSTANTS = ("constant", "convert_to_tensor", "float32", "float64", "int32", "int64")
"""Functions that make a tensor or array of one Python number."""
_MADE = ("keras.layers.", "keras.optimizers.", "keras.callbacks.")
_POLICIES = ("set_global_policy", "set_policy", "set_dtype_policy")


def argument(arguments: Arguments, signature: Signature, name: str) -> Value | None:
    """The argument for a parameter of the signature, wherever it stands in the call."""
    position = signature.parameters.index(name) if name in signature.parameters else None
    return arguments.get(name, position)


def is_known(name: str) -> bool:
    """Whether a canonical name is one that a star import from Keras brings."""
    tables = (knowledge.layers, knowledge.losses, knowledge.activations, knowledge.metrics, knowledge.applications)
    return name in _CONSTRUCTORS or any(table().symbol(name) is not None for table in tables)


# ---- functions and classes -------------------------------------------------------------------------------------------


def call_symbol(run: Interpreter, name: str, arguments: Arguments, node: cst.Call) -> Value:
    """Call a class or function of a library by its canonical name."""
    name = UNIMPORTED.get(name, name)
    constructor = _CONSTRUCTORS.get(name)
    if constructor is not None:
        return constructor(run, arguments, node)
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
        return _call_loss(run, Symbol(node, name), spelling, arguments, node)
    if knowledge.metrics().symbol(name) is not None and name.rpartition(".")[2][0].isupper():
        return Made(node, name, arguments)
    if knowledge.applications().symbol(name) is not None:
        return _zoo(run, name, arguments, node)
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
        return _new_model(run, node, Missing(node, "the model is loaded, not built, here"))
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


def _new_model(run: Interpreter, node: cst.CSTNode, output: Value) -> Model:
    model = Model(node)
    run.store.set((model.reference, OUTPUT), output)
    return model


def _functional(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    return _new_model(run, node, _functional_output(run, arguments, node))


def _functional_output(run: Interpreter, arguments: Arguments, node: cst.CSTNode) -> Value:
    outputs = arguments.get("outputs", 1) or arguments.get("output")
    return run.frozen(outputs) if outputs is not None else Missing(node, "the model's outputs are not given here")


def _sequential(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    model = Model(node, sequential=True)
    _start_sequential(run, model.reference, arguments, node)
    return model


def _start_sequential(run: Interpreter, reference: int, arguments: Arguments, node: cst.CSTNode) -> None:
    run.store.set((reference, OUTPUT), Placeholder(node))
    run.store.set((reference, LAYERS), Items(node, ()))
    run.store.set((reference, TRAIL), Items(node, ()))
    layers = arguments.get("layers", 0)
    if layers is None or (isinstance(layers, Constant) and layers.value is None):
        return
    if isinstance(layers, Choice):
        run.each(layers, lambda one: _add_all(run, reference, one, node))
    else:
        _add_all(run, reference, layers, node)


def _add_all(run: Interpreter, reference: int, layers: Value, node: cst.CSTNode) -> Value:
    items = run.iterate(layers)
    if items is None:
        run.store.set((reference, OUTPUT), Missing(node, "the list of layers is not known"))
    for layer in items or ():
        add(run, reference, layer)
    return Constant(node, None)


def _zoo(run: Interpreter, name: str, arguments: Arguments, node: cst.Call) -> Value:
    """A model of keras.applications: its default head is Dense(classes, classifier_activation)."""
    row = knowledge.applications().symbol(name)
    assert row is not None
    top = argument(arguments, row.signature, "include_top")
    if isinstance(top, Constant) and not top.value:
        return _new_model(run, node, Applied(node, Made(node, name, arguments), Placeholder(node)))
    if top is not None and not isinstance(top, Constant):
        return _new_model(run, node, Missing(node, "include_top is not known"))
    keywords: dict[str, Value] = {}
    for parameter, given in (("units", "classes"), ("activation", "classifier_activation")):
        default = Constant(node, row.signature.defaults.get(given))
        keywords[parameter] = argument(arguments, row.signature, given) or default
    head = Made(node, "keras.layers.Dense", Arguments((), keywords))
    return _new_model(run, node, Applied(node, head, Placeholder(node)))


_CONSTRUCTORS: dict[str, Callable[[Interpreter, Arguments, cst.Call], Value]] = {
    "keras.Input": _input,
    "keras.backend.placeholder": _input,
    "tf.compat.v1.placeholder": _input,
    "tf.placeholder": _input,
    "keras.Model": _functional,
    "keras.Sequential": _sequential,
}


# ---- layers ----------------------------------------------------------------------------------------------------------


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
    after = run.each(layer, lambda one: apply(run, one, before))
    run.store.set((reference, OUTPUT), after)


def apply(
    run: Interpreter, layer: Value, inputs: Value, node: cst.CSTNode | None = None, keywords: Keywords | None = None
) -> Value:
    """layer(inputs, **keywords) as a tensor."""
    node = node or layer.node
    if isinstance(layer, Made):
        output = _apply_made(run, layer, inputs, node)
    elif isinstance(layer, Model):
        output = _nested(run, layer, inputs, node)
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
        traced = run.call(function, Arguments((inputs,), complete=False), _as_call(node))
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
    traced = run.call(activation, Arguments((Applied(node, scores, inputs),)), _as_call(activation.node))
    return traced if isinstance(traced, Tensor) else Applied(node, layer, inputs)


def _as_call(node: cst.CSTNode | None) -> cst.Call:
    return node if isinstance(node, cst.Call) else cst.Call(cst.Name("call"))


def _nested(run: Interpreter, model: Value, inputs: Value, node: cst.CSTNode | None) -> Value:
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
        return _trace(run, call, instance, Arguments((inputs,), keywords), _as_call(node))
    base = run.store.get((instance.reference, BASE))
    if isinstance(base, Made):
        return Applied(node, base, inputs)
    if run.store.get((instance.reference, OUTPUT)) is not None:
        return _nested(run, instance, inputs, node)
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
            return _trace(run, call, model, _in_training(call, model), _as_call(model.node))
        if run.store.get((model.reference, BASE)) is not None:
            return _apply_instance(run, model, Placeholder(model.node), model.node, {})
        return Missing(model.node, f"{model.type.name} has no call method here")
    if isinstance(model, Missing):
        return Missing(model.node, f"the model is not known: {model.reason}")
    return Missing(model.node, "the model is not known")


# ---- objects ---------------------------------------------------------------------------------------------------------


def call_object(run: Interpreter, called: Value, arguments: Arguments, node: cst.Call) -> Value:
    """Call a layer, a model, a loss or an instance of a class of this program."""
    if isinstance(called, Made):
        loss = knowledge.losses().symbol(called.symbol)
        if loss is not None:
            spelling = loss.spelling(called.symbol)
            return (
                _call_loss(run, called, spelling, arguments, node) if spelling is not None else Missing(node, "a loss")
            )
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
    inputs = _inputs(run, arguments, node)
    return apply(run, called, inputs, node, arguments.keywords)


def _in_training(call: Function, model: Instance) -> Arguments:
    """What fit() calls a model with."""
    names = [param.name.value for param in call.definition.params.params]
    keywords = {"training": Constant(model.node, True)} if "training" in names else {}
    return Arguments((Placeholder(model.node),), keywords)


def _inputs(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
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


def _is_layer(run: Interpreter, instance: Instance) -> bool:
    base = classes.library_base(run, instance.type) or ""
    return base in ("keras.Model", "keras.Sequential", "tf.Module") or base.startswith("keras.layers.")


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


def attribute(run: Interpreter, receiver: Value, name: str, node: cst.CSTNode) -> Value | None:
    """An attribute that Keras gives a model or a layer; None for any other."""
    if isinstance(receiver, Made) and name == "output":
        return run.store.get((receiver.reference, OUTPUT))
    if not isinstance(receiver, Model | Instance):
        return None
    if name == "output" and isinstance(receiver, Model):
        return output_of(run, receiver)
    if name == "outputs" and isinstance(receiver, Model):
        output = output_of(run, receiver)
        return output if isinstance(output, Items) else Items(node, (output,))
    if name in ("input", "inputs"):
        return Placeholder(node)
    if name == "layers":
        layers = run.store.get((receiver.reference, LAYERS))
        return layers if layers is not None else Missing(node, "the layers of a model that was not built as a list")
    return None


# ---- methods ---------------------------------------------------------------------------------------------------------


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
        return call_object(run, receiver, arguments, node)
    if isinstance(receiver, Missing):
        return Missing(node, receiver.reason)
    return Missing(node, f"what {method.name}() returns is not known")


def _looks_like_compile(arguments: Arguments) -> bool:
    """Keras' compile, not re.compile or the builtin."""
    if any(name in arguments.keywords for name in (*COMPILE_PARAMETERS, "run_eagerly", "weighted_metrics")):
        return True
    if not arguments.complete:
        return True
    return (
        bool(arguments.positional) and not arguments.keywords and len(arguments.positional) <= len(COMPILE_PARAMETERS)
    )


def _compile(run: Interpreter, model: Value, arguments: Arguments, node: cst.Call) -> Value:
    frozen = Arguments(
        tuple(run.frozen(one) for one in arguments.positional),
        {name: run.frozen(one) for name, one in arguments.keywords.items()},
        arguments.complete,
    )
    loss = frozen.get("loss", 1)
    if loss is not None:
        keywords = {**frozen.keywords, "loss": _traced_loss(run, loss)}
        frozen = Arguments(frozen.positional, keywords, frozen.complete)
    sites.record(run, node, "compile", model, output_of(run, model), frozen)
    return Constant(node, None)


def _traced_loss(run: Interpreter, loss: Value) -> Value:
    """A loss function of the program as the known loss that it returns, if it returns just one."""
    if isinstance(loss, Choice):
        return run.each(loss, lambda one: _traced_loss(run, one))
    if isinstance(loss, Items):
        return Items(loss.node, tuple(_traced_loss(run, one) for one in loss.values))
    if isinstance(loss, Entries):
        return Entries(loss.node, {key: _traced_loss(run, one) for key, one in loss.values.items()}, loss.complete)
    if isinstance(loss, Class):
        loss = instances.instantiate(run, loss, Arguments(), _as_call(loss.node))
    if not isinstance(loss, Function | Bound | Instance):
        return loss
    recorded = len(run.sites)
    pair = Arguments((Missing(loss.node, "the labels"), Placeholder(loss.node)))
    result = simplify(run.call(loss, pair, _as_call(loss.node)), run.world)
    # What the loss does to y_pred is judged together with the model that it is compiled with.
    del run.sites[recorded:]
    return (
        LossValue(result.node, result.loss, result.arguments, result.prediction)
        if isinstance(result, LossValue)
        else loss
    )


def _call_super(run: Interpreter, receiver: Super, name: str, arguments: Arguments, node: cst.Call) -> Value:
    instance = receiver.receiver
    if not isinstance(instance, Instance):
        return Missing(node, "super() of something that is not known")
    if name == "__init__":
        initialize(run, instance, arguments)
        return Constant(node, None)
    if name == "compile" and _looks_like_compile(arguments):
        return _compile(run, instance, arguments, node)
    if name in ("call", "__call__"):
        base = run.store.get((instance.reference, BASE))
        return Applied(node, base if base is not None else instance, _inputs(run, arguments, node))
    return Missing(node, f"what super().{name}() returns is not known")


def _call_model(run: Interpreter, model: Model | Instance, name: str, arguments: Arguments, node: cst.Call) -> Value:
    if name == "add" and arguments.positional:
        add(run, model.reference, arguments.positional[0])
    elif name == "pop":
        _pop(run, model.reference, node)
    elif name in FIT_METHODS:
        return fits.record(run, model, name, arguments, node)
    elif name in PREDICT_METHODS:
        run.predicted.add(model.reference)
        predicted = _nested(run, model, Placeholder(node), node)
        return Prediction(node, "keras.Model.predict", Arguments((predicted,)), model.reference)
    elif name == "predict_classes":
        decodings.record(run, model.reference, "predict_classes", node)
    elif name in ("call", "__call__"):
        return apply(run, model, _inputs(run, arguments, node), node, arguments.keywords)
    elif name == "get_layer":
        return _get_layer(run, model, arguments, node)
    return Missing(node, f"what {name}() returns is not known")


def _pop(run: Interpreter, reference: int, node: cst.Call) -> None:
    trail, layers = (run.store.get((reference, cell)) for cell in (TRAIL, LAYERS))
    before, kept = (run.iterate(state) if state is not None else None for state in (trail, layers))
    if not before or not kept:
        run.store.set((reference, OUTPUT), Missing(node, "a layer is taken off a model that is not known"))
        return
    run.store.set((reference, OUTPUT), before[-1])
    run.store.set((reference, TRAIL), Items(node, before[:-1]))
    run.store.set((reference, LAYERS), Items(node, kept[:-1]))


def _get_layer(run: Interpreter, model: Model | Instance, arguments: Arguments, node: cst.Call) -> Value:
    wanted = arguments.get("name", 0)
    state = run.store.get((model.reference, LAYERS))
    for layer in (run.iterate(state) if state is not None else None) or ():
        name = layer.arguments.get("name") if isinstance(layer, Made) else None
        if isinstance(name, Constant) and isinstance(wanted, Constant) and name.value == wanted.value:
            return layer
    return Missing(node, "a layer taken from a model by name")


# ---- losses ----------------------------------------------------------------------------------------------------------


def _call_loss(run: Interpreter, loss: Value, spelling: LossSpelling, arguments: Arguments, node: cst.Call) -> Value:
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


def _is_computed(value: Value | None) -> bool:
    return isinstance(value, Tensor) and not isinstance(value, Placeholder)


def _is_prediction(value: Value | None) -> bool:
    """Whether the value certainly comes out of layers or an activation (ones_like(prediction) does not)."""
    if isinstance(value, Operation):
        passes = value.symbol == "keras.Model.predict" or knowledge.activations().symbol(value.symbol) is not None
        return passes and any(_is_prediction(one) for one in value.arguments.positional)
    return isinstance(value, Applied | Nested)


def is_swapped(spelling: LossSpelling, arguments: Arguments) -> bool:
    """Whether the prediction was given where the labels belong."""
    labels, prediction = called_with(spelling, arguments)
    return _is_prediction(labels) and not isinstance(prediction, Tensor | Choice)


def operate_on_loss(operator: str, left: Value, right: Value, node: cst.CSTNode) -> Value:
    """A loss times a constant is that loss; a sum of losses is the program's own."""
    loss, other = (left, right) if isinstance(left, LossValue) else (right, left)
    if operator in ("Multiply", "Divide") and isinstance(other, Constant) and isinstance(loss, LossValue):
        return loss
    return Missing(node, "a loss made of several parts")
