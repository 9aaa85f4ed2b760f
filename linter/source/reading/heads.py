"""From the tensor that a model puts out back to the layer that makes its scores: the Head fact."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass

import libcst as cst

from mllint.facts import Fact, Head, Identifier, Known, Place, Stage, StageRole, Unknown
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import LayerRow
from mllint.source.program.conditions import World, resolve
from mllint.source.program.keras_library import argument
from mllint.source.program.values import (
    Applied,
    Arguments,
    Constant,
    Function,
    Items,
    Made,
    Missing,
    Nested,
    Operation,
    Partial,
    Placeholder,
    Symbol,
    Tensor,
    Value,
)

PlaceOf = Callable[[cst.CSTNode | None], Place]

_RANGE_KEPT: tuple[StageRole, ...] = ("shape", "cast", "identity", "dropout")
"""Stages that hand on values of the same range."""

_FUNCTION_ROLES: dict[str, StageRole] = {
    **dict.fromkeys(("reshape", "squeeze", "expand_dims", "transpose", "flatten", "getitem", "permute"), "shape"),
    **dict.fromkeys(("batch_flatten", "permute_dimensions", "concat_elements", "gather", "ravel", "tile"), "shape"),
    **dict.fromkeys(
        ("identity", "stop_gradient", "convert_to_tensor", "numpy", "predict", "copy", "array"), "identity"
    ),
    **dict.fromkeys(("cast", "astype", "cast_to_floatx"), "cast"),
    **dict.fromkeys(("reduce_mean", "reduce_max", "reduce_sum", "mean", "max", "sum"), "pool"),
    **dict.fromkeys(("dropout", "alpha_dropout"), "dropout"),
    **dict.fromkeys(("matmul", "tensordot", "einsum", "dot", "conv2d", "conv1d", "conv3d", "bias_add"), "scores"),
}
"""What a function of TensorFlow, keras.ops, keras.backend or NumPy does to a tensor, by the last part of its name."""
_OPERATORS = {"add": "add", "subtract": "sub", "multiply": "mul", "divide": "truediv", "negative": "neg"}
_FUNCTION_MODULES = ("tf.", "keras.", "numpy.", "tensor.", "operator.")


@dataclass(frozen=True, slots=True)
class HeadReader:
    """Reads heads in one world of the program.

    Every method raises Undecided where the head depends on a condition that the world leaves open.
    """

    world: World
    place: PlaceOf
    policy: Value | None
    reassigned: Set[int | None] = frozenset()
    """References of the layers whose activation is assigned anew; None among them stands for any layer."""

    def read(self, output: Value) -> tuple[Head, tuple[Identifier, ...]]:
        """The head of one output, and the activation strings in it."""
        trail = _Trail(self, [], [])
        trail.follow(output, ())
        stages = tuple(trail.stages)
        head = Head(
            activation=_activation_of(stages),
            units=_units_of(trail),
            dtype=self._dtype(trail.layer),
            stages=stages,
            place=_place_of(stages),
        )
        return head, tuple(trail.identifiers)

    def _dtype(self, layer: Made | None) -> Fact[str]:
        given = layer.arguments.get("dtype") if layer is not None else None
        value = resolve(given, self.world) if given is not None else self.policy
        if isinstance(value, Made) and value.arguments.positional:
            value = value.arguments.positional[0]
        if value is None or (isinstance(value, Constant) and value.value is None):
            return Known("float32")
        value = resolve(value, self.world)
        if isinstance(value, Constant) and isinstance(value.value, str):
            return Known(value.value.removeprefix("mixed_"), self.place(value.node))
        if isinstance(value, Symbol):
            return Known(value.name.rpartition(".")[2], self.place(value.node))
        return Unknown("the dtype of the head is not known", self.place(value.node))

    def activation(self, value: Value | None, default: str, owner: cst.CSTNode | None) -> tuple[Fact[str], str]:
        """The activation that an argument names, and the symbol it stands for."""
        if value is not None:
            value = resolve(value, self.world)
        if value is None or (isinstance(value, Constant) and value.value is None):
            name = default if value is None else "linear"
            return Known(name, self.place(owner)), f"keras.activations.{name}"
        place = self.place(value.node)
        if isinstance(value, Constant) and isinstance(value.value, str):
            row = knowledge.activations().identify(value.value)
            if row is None:
                return Unknown(f"{value.value!r} is not an activation of Keras", place), value.value
            return Known(row.name, place), f"keras.activations.{row.name}"
        if isinstance(value, Partial):
            return self.activation(value.function, default, owner)
        symbol = _symbol_of(value)
        if symbol is not None:
            if symbol == "keras.layers.Activation" and isinstance(value, Made):
                return self.activation(value.arguments.get("activation", 0), default, owner)
            row = knowledge.activations().symbol(symbol)
            if row is not None:
                return Known(row.name, place), symbol
            return Unknown(f"{symbol} is not an activation that is known", place), symbol
        if isinstance(value, Function):
            return Unknown("the activation is a function of this program", place), value.name
        reason = value.reason if isinstance(value, Missing) else "it is not a string or a function"
        return Unknown(f"the activation is not known: {reason}", place), "unknown"


def _symbol_of(value: Value) -> str | None:
    if isinstance(value, Symbol):
        return knowledge.canonical(value.name)
    return value.symbol if isinstance(value, Made) else None


@dataclass(slots=True)
class _Trail:
    """The way back from an output, stages collected in order of execution."""

    reader: HeadReader
    stages: list[Stage]
    identifiers: list[Identifier]
    units: Fact[int] | None = None
    layer: Made | None = None
    """The last layer before y_pred that may set its dtype."""

    # ---- the walk --------------------------------------------------------------------------------------------------

    def follow(self, value: Value, outer: tuple[Value, ...]) -> None:
        """Walk back from a tensor to its scores; `outer` are the inputs of the models entered on the way."""
        value = resolve(value, self.reader.world)
        if isinstance(value, Placeholder):
            if outer:
                self.follow(outer[-1], outer[:-1])
        elif isinstance(value, Nested):
            self.follow(value.inner, (*outer, value.inputs))
        elif isinstance(value, Applied):
            self._applied(value, outer)
        elif isinstance(value, Operation):
            self._operation(value, outer)
        elif isinstance(value, Items) and len(value.values) == 1:
            self.follow(value.values[0], outer)
        elif isinstance(value, Missing):
            self._opaque(value.node, value.reason)
        else:
            self._opaque(value.node, "what the model puts out is not known")

    def _applied(self, value: Applied, outer: tuple[Value, ...]) -> None:
        layer = resolve(value.layer, self.reader.world)
        if isinstance(layer, Made):
            self._made(layer, value.inputs, outer)
        elif isinstance(layer, Constant) and layer.value is None:
            self.follow(value.inputs, outer)
        else:
            reason = layer.reason if isinstance(layer, Missing) else "it is not a layer of Keras"
            self._opaque(layer.node, f"the last layer is not known: {reason}")

    def _made(self, layer: Made, inputs: Value, outer: tuple[Value, ...]) -> None:
        row = knowledge.layers().symbol(layer.symbol)
        self.layer = self.layer or layer
        if row is None:
            self._opaque(layer.node, f"{layer.symbol.rpartition('.')[2]} is not a layer that is known")
        elif row.role in ("scores", "recurrent", "embedding"):
            self._scores(layer, row, factor=1)
        elif row.role == "activation":
            self.follow(inputs, outer)
            self._activation_layer(layer)
        elif row.role in ("dropout", "shape", "pool", "normalisation", "identity", "cast"):
            self.follow(inputs, outer)
            self._through(layer, row)
        elif row.role == "input":
            self.follow(inputs, outer)
        elif row.role == "merge":
            self._merged(layer, row, inputs, outer)
        elif row.role == "wrapper":
            self._wrapper(layer, row, inputs, outer)
        else:
            self._opaque(layer.node, f"{row.name.rpartition('.')[2]} is the last layer")

    def _operation(self, value: Operation, outer: tuple[Value, ...]) -> None:
        row = knowledge.activations().symbol(value.symbol)
        inputs = _input_of(value)
        if row is not None and inputs is not None:
            if isinstance(resolve(inputs, self.reader.world), Tensor):
                self.follow(inputs, outer)
            place = self.reader.place(value.node)
            self._activation(Known(row.name, place), value.symbol, place, value.arguments.get("axis", 1))
            return
        role = _function_role(value.symbol)
        if role is not None and inputs is not None:
            if role == "scores":
                self._add("scores", value.symbol, value.node, units=Unknown("units of a matrix product"))
                return
            self.follow(inputs, outer)
            self._add(role, value.symbol, value.node)
            if role == "shape":
                self.units = Unknown("the shape is changed", self.reader.place(value.node))
        elif _operator_of(value.symbol) is not None:
            self._arithmetic(value, outer)
        else:
            name = value.symbol.rpartition(".")[2]
            self._opaque(value.node, f"{name} makes the output" if " " in name else f"{name}() makes the output")

    def _merged(self, layer: Made, row: LayerRow, inputs: Value, outer: tuple[Value, ...]) -> None:
        """Multiply()([x, 5]) is x * 5; a merge of several tensors has no head of its own."""
        operator = {"Multiply": "mul", "Add": "add", "Subtract": "sub"}.get(row.name.rpartition(".")[2], "merge")
        operands = inputs.values if isinstance(inputs, Items) else (inputs,)
        self._arithmetic(Operation(layer.node, f"operator.{operator}", Arguments(operands)), outer)

    def _arithmetic(self, value: Operation, outer: tuple[Value, ...]) -> None:
        operands = [resolve(one, self.reader.world) for one in value.arguments.positional]
        tensors = [one for one in operands if isinstance(one, Tensor)]
        others = [one for one in operands if not isinstance(one, Tensor)]
        operator = _operator_of(value.symbol)
        if len(tensors) != 1 or (operator not in ("mul", "add", "sub", "neg") and tensors[0] is not operands[0]):
            self._opaque(value.node, "a computation on tensors makes the output")
            return
        self.follow(tensors[0], outer)
        if operator == "add" and self.stages and self.stages[-1].role == "scores" and self.units is None:
            return
        self._add("arithmetic", value.symbol, value.node, factor=_factor(operator, operands, others))

    # ---- stages ----------------------------------------------------------------------------------------------------

    def _scores(self, layer: Made, row: LayerRow, factor: int) -> None:
        given = argument(layer.arguments, row.signature, row.units) if row.units else None
        units = self._number(given, layer)
        if isinstance(units, Known):
            units = Known(units.value * factor, units.place)
        self._add("scores", layer.symbol, layer.node, units=units)
        self.units = units
        if row.default_activation is not None:
            parameter = argument(layer.arguments, row.signature, row.activation) if row.activation else None
            self._argument_activation(layer, parameter, row.default_activation)

    def _argument_activation(self, layer: Made, given: Value | None, default: str) -> None:
        if self.reader.reassigned & {None, layer.reference}:
            place = self.reader.place(layer.node)
            self._activation(Unknown("the activation of a layer is assigned anew", place), "unknown", place, None)
            return
        if given is None and not layer.arguments.complete:
            place = self.reader.place(layer.node)
            self._activation(Unknown("the layer takes arguments that are not known", place), "unknown", place, None)
            return
        fact, symbol = self.reader.activation(given, default, layer.node)
        self._identify(given)
        if isinstance(fact, Known) and fact.value == "linear":
            return
        place = fact.place or self.reader.place(layer.node)
        self._activation(fact, symbol, place, None)

    def _activation_layer(self, layer: Made) -> None:
        place = self.reader.place(layer.node)
        if layer.symbol == "keras.layers.Activation":
            given = layer.arguments.get("activation", 0)
            self._identify(given)
            fact, symbol = self.reader.activation(given, "linear", layer.node)
            if isinstance(fact, Known) and fact.value == "linear":
                self._add("identity", layer.symbol, layer.node)
                return
            self._activation(fact, symbol, place, None)
            return
        row = knowledge.activations().symbol(layer.symbol)
        fact = Known(row.name, place) if row is not None else Unknown(f"{layer.symbol} is not known", place)
        axis = layer.arguments.get("axis", 0) if layer.symbol == "keras.layers.Softmax" else None
        self._activation(fact, layer.symbol, place, axis)

    def _activation(self, fact: Fact[str], symbol: str, place: Place, axis: Value | None) -> None:
        known_axis: Fact[int] | None = None
        if axis is not None:
            axis = resolve(axis, self.reader.world)
            number = axis.value if isinstance(axis, Constant) else None
            if isinstance(number, int) and not isinstance(number, bool):
                known_axis = Known(number, place)
            else:
                known_axis = Unknown("the axis is not known", place)
        self.stages.append(Stage("activation", symbol, place, activation=fact, axis=known_axis))

    def _identify(self, given: Value | None) -> None:
        value = resolve(given, self.reader.world) if given is not None else None
        if isinstance(value, Constant) and isinstance(value.value, str):
            self.identifiers.append(Identifier("activation", value.value, self.reader.place(value.node)))

    def _through(self, layer: Made, row: LayerRow) -> None:
        self._add(row.role, layer.symbol, layer.node)  # type: ignore[arg-type]
        if row.role == "shape":
            self.units = self._units_after(layer, row)

    def _units_after(self, layer: Made, row: LayerRow) -> Fact[int] | None:
        """The size of the last axis after a layer that changes the shape."""
        name = row.name.rpartition(".")[2]
        if name == "Reshape":
            shape = layer.arguments.get("target_shape", 0)
            shape = resolve(shape, self.reader.world) if shape is not None else None
            last = shape.values[-1] if isinstance(shape, Items) and shape.values else None
            units = self._number(last, layer)
            positive = isinstance(units, Known) and units.value > 0
            return units if positive else Unknown("the target shape is not known", self.reader.place(layer.node))
        if name in ("Flatten", "Permute", "RepeatVector"):
            return Unknown(f"{name} changes the last axis", self.reader.place(layer.node))
        return self.units

    def _wrapper(self, layer: Made, row: LayerRow, inputs: Value, outer: tuple[Value, ...]) -> None:
        inner = layer.arguments.get("layer", 0)
        inner = resolve(inner, self.reader.world) if inner is not None else None
        inner_row = knowledge.layers().symbol(inner.symbol) if isinstance(inner, Made) else None
        merge = layer.arguments.get("merge_mode", 1)
        merged = merge.value if isinstance(merge, Constant) else "concat"
        if row.name == "keras.layers.Bidirectional" and isinstance(inner, Made) and inner_row is not None:
            self._scores(inner, inner_row, factor=2 if merged == "concat" else 1)
        elif isinstance(inner, Made) and inner_row is not None:
            self._made(inner, inputs, outer)
        else:
            self._opaque(layer.node, f"what {row.name.rpartition('.')[2]} wraps is not known")

    def _opaque(self, node: cst.CSTNode | None, reason: str) -> None:
        self._add("opaque", reason, node)

    def _add(
        self,
        role: StageRole,
        symbol: str,
        node: cst.CSTNode | None,
        units: Fact[int] | None = None,
        factor: Fact[float] | None = None,
    ) -> None:
        self.stages.append(Stage(role, symbol, self.reader.place(node), units=units, factor=factor))

    def _number(self, value: Value | None, layer: Made) -> Fact[int]:
        value = resolve(value, self.reader.world) if value is not None else None
        if isinstance(value, Constant) and isinstance(value.value, int) and not isinstance(value.value, bool):
            return Known(value.value, self.reader.place(value.node))
        reason = value.reason if isinstance(value, Missing) else "not given as a number"
        return Unknown(f"the number of units is not known: {reason}", self.reader.place((value or layer).node))


def _input_of(value: Operation) -> Value | None:
    """The tensor that a function works on: its first argument, or a keyword."""
    arguments: Arguments = value.arguments
    if arguments.positional:
        return arguments.positional[0]
    for name in ("x", "logits", "features", "input", "inputs", "tensor", "a"):
        if name in arguments.keywords:
            return arguments.keywords[name]
    return next((one for one in arguments.keywords.values() if isinstance(one, Tensor)), None)


def _function_role(symbol: str) -> StageRole | None:
    if not symbol.startswith(_FUNCTION_MODULES):
        return None
    return _FUNCTION_ROLES.get(symbol.rpartition(".")[2])


def _operator_of(symbol: str) -> str | None:
    """The operator that a function stands for: mul for operator.mul and tf.multiply."""
    if symbol.startswith("operator."):
        return symbol.removeprefix("operator.")
    return _OPERATORS.get(symbol.rpartition(".")[2]) if symbol.startswith(_FUNCTION_MODULES) else None


def _factor(operator: str | None, operands: list[Value], others: list[Value]) -> Fact[float]:
    """The constant that the tensor is multiplied by."""
    if operator == "neg":
        return Known(-1.0)
    number = others[0].value if others and isinstance(others[0], Constant) else None
    if isinstance(number, int | float) and operator in ("mul", "truediv") and number:
        return Known(float(number) if operator == "mul" else 1.0 / number)
    if operator in ("add", "sub") and operands[0] not in others:
        return Known(1.0)
    return Unknown("the factor is not known")


def _activation_of(stages: tuple[Stage, ...]) -> Fact[str]:
    """The activation that fixes the range of y_pred, or why it cannot be told."""
    changed: Stage | None = None
    for stage in reversed(stages):
        if stage.role == "activation" and stage.activation is not None:
            return stage.activation if changed is None else _changed(changed, stage)
        if stage.role == "scores":
            # Any affine map or average of unbounded scores is as unbounded as they are.
            return Known("linear", stage.place)
        if stage.role == "opaque":
            return Unknown(stage.symbol, stage.place)
        if stage.role not in _RANGE_KEPT:
            changed = stage
    place = stages[-1].place if stages else None
    return Unknown("the output is an input of the model" if not stages else "no layer makes the output", place)


def _changed(stage: Stage, activation: Stage) -> Unknown:
    name = activation.activation.value if isinstance(activation.activation, Known) else "activation"
    return Unknown(f"{stage.symbol.rpartition('.')[2]} after the {name}", stage.place)


def _units_of(trail: _Trail) -> Fact[int]:
    if trail.units is not None:
        return trail.units
    scores = next((stage for stage in trail.stages if stage.role == "scores"), None)
    if scores is not None and scores.units is not None:
        return scores.units
    return Unknown("the layer that makes the scores is not seen")


def _place_of(stages: tuple[Stage, ...]) -> Place | None:
    scores = next((stage for stage in stages if stage.role == "scores"), None)
    return scores.place if scores is not None else stages[-1].place if stages else None
