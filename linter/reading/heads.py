"""From the layers and operations before y_pred to the Head fact.

A lens walks back from y_pred and tells a Trail what it meets; how to get further back is a function that it hands over
with each step, so that a layer's stages come after those of what feeds it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias, cast

from mllint.facts import Fact, Head, Known, Place, Stage, StageRole, Unknown
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import LayerRow

Follow: TypeAlias = Callable[[], None]
"""Goes on walking back, from the inputs of a step."""
Operand: TypeAlias = "Follow | Fact[object]"
"""A tensor, by what follows it back; or a value that is no tensor."""

_RANGE_KEPT: Final[tuple[StageRole, ...]] = ("shape", "cast", "identity", "dropout")
"""Stages that hand on values of the same range."""

_FUNCTION_ROLES: Final[dict[str, StageRole]] = {
    **dict.fromkeys(
        ("reshape", "squeeze", "expand_dims", "transpose", "flatten", "getitem", "get_item", "permute"), "shape"
    ),
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
_OPERATORS: Final = {
    "add": "add",
    "subtract": "sub",
    "multiply": "mul",
    **dict.fromkeys(("divide", "true_divide", "truediv"), "truediv"),
    "negative": "neg",
}
_IN_KERAS_1: Final = {"units": "output_dim", "filters": "nb_filter"}
"""What Keras 1 called the parameters that hold the size of the last axis; Keras 2 took them under these names, too."""
_MERGES: Final = {"Multiply": "mul", "Add": "add", "Subtract": "sub"}
_FUNCTION_MODULES: Final = ("tf.", "keras.", "numpy.", "tensor.", "operator.")


class Layer(Protocol):
    """One layer, as a lens knows it. Parameters are named as in the layer's signature."""

    @property
    def symbol(self) -> str:
        """Canonical: keras.layers.Dense."""

    @property
    def place(self) -> Place: ...

    def number(self, parameter: str) -> Fact[int] | None:
        """A whole number that the layer is given, or the reason why it is not known; None where nothing is given."""

    def last_number(self, parameter: str) -> Fact[int]:
        """The last of a list of whole numbers."""

    def text(self, parameter: str) -> str | None:
        """A string that the layer is given; None for anything else."""

    def activation(self, parameter: str, default: str) -> tuple[Fact[str], str]:
        """The activation that the layer applies, and the symbol it stands for."""

    def wrapped(self) -> Layer | None:
        """The layer that a wrapper holds, where it is known."""


@dataclass(slots=True)
class Trail:
    """The way back from one y_pred: its stages, collected in order of execution."""

    stages: list[Stage] = field(default_factory=list)
    last_layer: Layer | None = None
    """The layer nearest to y_pred, which sets its dtype."""
    _units: Fact[int] | None = None

    def head(self, dtype: Fact[str]) -> Head:
        """What the trail has come to."""
        stages = tuple(self.stages)
        return Head(
            activation=_activation_of(stages),
            units=self._units if self._units is not None else _units_of(stages),
            dtype=dtype,
            stages=stages,
            place=_place_of(stages),
        )

    # ---- layers ----------------------------------------------------------------------------------------------------

    def layer(self, layer: Layer, inputs: Follow, operands: Callable[[], Sequence[Operand]]) -> None:
        """A layer; `operands` are its inputs one by one, for those that merge several."""
        row = knowledge.layers().symbol(layer.symbol)
        self.last_layer = self.last_layer or layer
        if row is None:
            self.opaque(layer.place, f"{_short(layer.symbol)} is not a layer that is known")
        elif row.role in ("scores", "recurrent", "embedding"):
            self._scores(layer, row, factor=1)
        elif row.role == "activation":
            inputs()
            self._activation_layer(layer)
        elif row.role in ("dropout", "shape", "pool", "normalisation", "identity", "cast"):
            inputs()
            self._through(layer, row)
        elif row.role == "input":
            inputs()
        elif row.role == "merge":
            self.arithmetic(f"operator.{_MERGES.get(_short(row.name), 'merge')}", layer.place, operands())
        elif row.role == "wrapper":
            self._wrapper(layer, row, inputs, operands)
        else:
            self.opaque(layer.place, f"{_short(row.name)} is the last layer")

    def _scores(self, layer: Layer, row: LayerRow, factor: int) -> None:
        units = _units_given(layer, row)
        if isinstance(units, Known):
            units = Known(units.value * factor, units.place)
        self._add("scores", layer.symbol, layer.place, units=units)
        self._units = units
        if row.default_activation is not None:
            fact, symbol = layer.activation(row.activation or "", row.default_activation)
            if fact != Known("linear", fact.place):
                self.activation(fact, symbol, fact.place or layer.place, None)

    def _activation_layer(self, layer: Layer) -> None:
        if layer.symbol == "keras.layers.Activation":
            fact, symbol = layer.activation("activation", "linear")
            if fact == Known("linear", fact.place):
                self._add("identity", layer.symbol, layer.place)
            else:
                self.activation(fact, symbol, layer.place, None)
            return
        row = knowledge.activations().symbol(layer.symbol)
        fact = Known(row.name, layer.place) if row else Unknown(f"{layer.symbol} is not known", layer.place)
        axis = layer.number("axis") if layer.symbol == "keras.layers.Softmax" else None
        self.activation(fact, layer.symbol, layer.place, axis)

    def _through(self, layer: Layer, row: LayerRow) -> None:
        self._add(cast(StageRole, row.role), layer.symbol, layer.place)
        if row.role == "shape":
            self._units = self._units_after(layer, _short(row.name))

    def _units_after(self, layer: Layer, name: str) -> Fact[int] | None:
        """The size of the last axis after a layer that changes the shape."""
        if name == "Reshape":
            units = layer.last_number("target_shape")
            positive = isinstance(units, Known) and units.value > 0
            return units if positive else Unknown("the target shape is not known", layer.place)
        if name in ("Flatten", "Permute", "RepeatVector"):
            return Unknown(f"{name} changes the last axis", layer.place)
        return self._units

    def _wrapper(self, layer: Layer, row: LayerRow, inputs: Follow, operands: Callable[[], Sequence[Operand]]) -> None:
        inner = layer.wrapped()
        inner_row = knowledge.layers().symbol(inner.symbol) if inner is not None else None
        if inner is None or inner_row is None:
            self.opaque(layer.place, f"what {_short(row.name)} wraps is not known")
        elif row.name == "keras.layers.Bidirectional":
            merged = layer.text("merge_mode") or "concat"
            self._scores(inner, inner_row, factor=2 if merged == "concat" else 1)
        else:
            self.layer(inner, inputs, operands)

    # ---- functions and operators -----------------------------------------------------------------------------------

    def function(
        self, symbol: str, place: Place, inputs: Operand | None, operands: Sequence[Operand], axis: Fact[int] | None
    ) -> None:
        """A function of a library or an operator on tensors; `inputs` is what it works on first of all."""
        row = knowledge.activations().symbol(symbol)
        role = _function_role(symbol)
        if row is not None and inputs is not None:
            if callable(inputs):
                inputs()
            self.activation(Known(row.name, place), symbol, place, axis)
        elif role == "scores" and inputs is not None:
            self._add("scores", symbol, place, units=Unknown("units of a matrix product"))
        elif role is not None and inputs is not None:
            if callable(inputs):
                inputs()
            else:
                self.opaque(inputs.place or place, _why(inputs))
            self._add(role, symbol, place)
            if role == "shape":
                self._units = Unknown("the shape is changed", place)
        elif _operator_of(symbol) is not None:
            self.arithmetic(symbol, place, operands)
        else:
            name = _short(symbol)
            self.opaque(place, f"{name} makes the output" if " " in name else f"{name}() makes the output")

    def arithmetic(self, symbol: str, place: Place, operands: Sequence[Operand]) -> None:
        """An operator; Multiply()([x, 5]) is x * 5. One that works on several tensors has no head of its own."""
        tensors = [one for one in operands if callable(one)]
        operator = _operator_of(symbol)
        if len(tensors) != 1 or (operator not in ("mul", "add", "sub", "neg") and not callable(operands[0])):
            self.opaque(place, "a computation on tensors makes the output")
            return
        tensors[0]()
        if operator == "add" and self.stages and self.stages[-1].role == "scores" and self._units is None:
            return
        self._add("arithmetic", symbol, place, factor=_factor(operator, operands))

    # ---- stages ----------------------------------------------------------------------------------------------------

    def activation(self, fact: Fact[str], symbol: str, place: Place, axis: Fact[int] | None) -> None:
        self.stages.append(Stage("activation", symbol, place, activation=fact, axis=axis))

    def opaque(self, place: Place, reason: str) -> None:
        """The end of the trail: what comes before is not seen."""
        self._add("opaque", reason, place)

    def _add(
        self,
        role: StageRole,
        symbol: str,
        place: Place,
        units: Fact[int] | None = None,
        factor: Fact[float] | None = None,
    ) -> None:
        self.stages.append(Stage(role, symbol, place, units=units, factor=factor))


def _units_given(layer: Layer, row: LayerRow) -> Fact[int]:
    given = layer.number(row.units) if row.units is not None else None
    if given is None and row.units in _IN_KERAS_1:
        given = layer.number(_IN_KERAS_1[row.units])
    if isinstance(given, Known):
        return given
    reason, place = (given.reason, given.place) if given is not None else ("not given as a number", layer.place)
    return Unknown(f"the number of units is not known: {reason}", place)


def _function_role(symbol: str) -> StageRole | None:
    return _FUNCTION_ROLES.get(_short(symbol)) if symbol.startswith(_FUNCTION_MODULES) else None


def _operator_of(symbol: str) -> str | None:
    """The operator that a function stands for: mul for operator.mul and tf.multiply."""
    if symbol.startswith("operator."):
        return symbol.removeprefix("operator.")
    return _OPERATORS.get(_short(symbol)) if symbol.startswith(_FUNCTION_MODULES) else None


def _factor(operator: str | None, operands: Sequence[Operand]) -> Fact[float]:
    """The constant that the tensor is multiplied by."""
    if operator == "neg":
        return Known(-1.0)
    constant = next((one for one in operands if not callable(one)), None)
    number = constant.value if isinstance(constant, Known) else None
    if isinstance(number, int | float) and operator in ("mul", "truediv") and number:
        return Known(float(number) if operator == "mul" else 1.0 / number)
    if operator in ("add", "sub") and callable(operands[0]):
        return Known(1.0)
    return Unknown("the factor is not known")


def _why(fact: Fact[object]) -> str:
    return fact.reason if isinstance(fact, Unknown) else "what the model puts out is not known"


# ---------------------------------------------------------------- the head of some stages


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
    return Unknown(f"{_short(stage.symbol)} after the {name}", stage.place)


def _units_of(stages: tuple[Stage, ...]) -> Fact[int]:
    scores = next((stage for stage in stages if stage.role == "scores"), None)
    if scores is not None and scores.units is not None:
        return scores.units
    return Unknown("the layer that makes the scores is not seen")


def _place_of(stages: tuple[Stage, ...]) -> Place | None:
    scores = next((stage for stage in stages if stage.role == "scores"), None)
    return scores.place if scores is not None else stages[-1].place if stages else None


def _short(symbol: str) -> str:
    return symbol.rpartition(".")[2]
