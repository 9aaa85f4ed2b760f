"""From the outputs of a saved model back through its layers: the heads.

A Sequential model is a list of layers, a functional model a graph of their calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from mllint.archive.calls import Call, NamedIn, Tensor, call_of, first_call, operands_of, references, tensors
from mllint.archive.contents import Config, UnreadableModel
from mllint.archive.layers import SavedLayer, settings_of, symbol_of, whole_number
from mllint.archive.parts import Part, shown
from mllint.facts import Head, Known, Place, Unknown
from mllint.reading.heads import Follow, Operand, Trail
from mllint.rules import knowledge

MOST_OUTPUTS: Final = 100
BROKEN: Final = "the file names a layer that it does not hold"
CIRCLE: Final = "the layers of the file lead around in a circle"
_MODELS: Final = ("Sequential", "Functional", "Model")

Inputs: TypeAlias = "Sequence[Follow]"


def is_model(saved: object) -> bool:
    """Whether a serialized object is a model whose layers are in the file."""
    if not isinstance(saved, dict):
        return False
    config = saved.get("config")
    return isinstance(config, list) or (isinstance(config, dict) and isinstance(config.get("layers"), list))


def is_of_keras(saved: Config) -> bool:
    """Whether the class of a model is Keras' own, and not a subclass of it."""
    registered = saved.get("registered_name")
    return saved.get("class_name") in _MODELS and (registered is None or registered in _MODELS)


@dataclass(frozen=True, slots=True)
class HeadReader:
    """Reads the heads of one saved model. `path` is that of the file."""

    path: str

    def heads(self, saved: Config) -> list[tuple[str | None, Head]]:
        """Every output of the model by its name, where it has one. Raises UnreadableModel."""
        names = output_names(saved)
        return [(name, self._head(saved, index)) for index, name in enumerate(names)]

    def _head(self, saved: Config, index: int) -> Head:
        walk = _Walk(self.path)
        walk.model(saved, index, (), "")
        last = walk.trail.last_layer
        dtype = last.dtype() if isinstance(last, SavedLayer) else Known("float32")
        return walk.trail.head(dtype)


def output_names(saved: Config) -> list[str | None]:
    """The name of each output: the key in a dict of outputs, else the layer. Raises UnreadableModel."""
    outputs = references(settings_of(saved).get("output_layers"))
    if len(outputs) > MOST_OUTPUTS:
        raise UnreadableModel(f"it has more than {MOST_OUTPUTS} outputs")
    return [shown(name) for name, _ in outputs] if outputs else [None]


@dataclass(slots=True)
class _Walk:
    """The way back from one output."""

    path: str
    trail: Trail = field(default_factory=Trail)

    def model(self, saved: Config, index: int, inputs: Inputs, prefix: str) -> None:
        """From output `index` of what is_model; `inputs` is what feeds it, empty for the outermost one."""
        config = saved["config"]
        if "output_layers" in config:
            _Graph(self, config, inputs, prefix).output(index)
        else:
            layers = config if isinstance(config, list) else config["layers"]
            _Sequence(self, layers, inputs, prefix).follow(len(layers) - 1)

    def step(
        self, saved: Any, prefix: str, index: int, inputs: Inputs, operands: Sequence[Operand], call: Call
    ) -> None:
        """One layer, operation or nested model; it has an operand for each tensor or number that it takes."""
        if not isinstance(saved, dict) or not isinstance(saved.get("class_name"), str):
            self.opaque(prefix, BROKEN)
            return
        name = prefix + shown(settings_of(saved).get("name", saved.get("name", saved["class_name"])))
        inner = _unwrapped(saved)
        if is_model(inner) and not is_of_keras(inner):
            self.opaque(name, f"{shown(inner['class_name'])} is a class of the program's own")
            return
        if is_model(inner):
            self.model(inner, index, inputs, f"{name}/")
            return
        place = Place(self.path, Part("layer", name))
        operation = _operation(saved)
        if operation is None:
            self.trail.layer(SavedLayer(saved, place), _first(inputs), lambda: operands)
            return
        axis = call.keywords.get("axis", settings_of(saved).get("axis"))
        self.trail.function(
            operation,
            place,
            operands[0] if operands else None,
            operands,
            whole_number(axis, place) if axis is not None else None,
        )

    def opaque(self, prefix: str, reason: str) -> None:
        part = Part("layer", prefix.rstrip("/")) if prefix else Part("file", "model")
        self.trail.opaque(Place(self.path, part), reason)


def _unwrapped(saved: Config) -> Any:
    """The model that a TimeDistributed applies to every step, or the layer as it is."""
    inner = settings_of(saved).get("layer")
    return inner if saved.get("class_name") == "TimeDistributed" and is_model(inner) else saved


def _first(inputs: Inputs) -> Follow:
    return inputs[0] if inputs else lambda: None


def _operation(saved: Config) -> str | None:
    """The symbol of a function that stands between the layers; None for a layer."""
    function = settings_of(saved).get("function")
    if saved.get("class_name") in ("TFOpLambda", "SlicingOpLambda") and isinstance(function, str):
        name = shown(function).removeprefix("__operators__.")
        return knowledge.canonical(f"tf.{name}") if name in (function, "getitem") else f"operator.{name}"
    symbol = symbol_of(saved, "keras.layers")
    return symbol if symbol.startswith("keras.ops.") else None


@dataclass(frozen=True, slots=True)
class _Sequence:
    """The layers of a Sequential model."""

    walk: _Walk
    layers: list[Any]
    inputs: Inputs
    prefix: str

    def follow(self, position: int) -> None:
        if position < 0:
            _first(self.inputs)()
        else:
            before = (lambda: self.follow(position - 1),)
            self.walk.step(self.layers[position], self.prefix, 0, before, before, Call((), {}))


@dataclass(slots=True)
class _Graph:
    """The layers of a functional model."""

    walk: _Walk
    config: Config
    inputs: Inputs
    prefix: str
    _layers: dict[str, Config] = field(default_factory=dict)
    """By name; of several that share one, the first."""
    _met: set[tuple[str, int]] = field(default_factory=set)
    """The calls on the way so far, by layer and number."""

    def __post_init__(self) -> None:
        for one in self.config["layers"]:
            if isinstance(one, dict) and isinstance(name := one.get("name"), str):
                self._layers.setdefault(name, one)

    def output(self, index: int) -> None:
        outputs = references(self.config.get("output_layers"))
        if index < len(outputs):
            self._follow(outputs[index][1], "output_layers")
        else:
            self.walk.opaque(self.prefix, BROKEN)

    def _follow(self, tensor: Tensor, named_in: NamedIn) -> None:
        saved = self._layers.get(tensor.layer)
        if saved is None:
            self.walk.opaque(self.prefix, BROKEN)
        elif saved.get("class_name") == "InputLayer":
            self._input(tensor)
        else:
            self._called(saved, tensor, tensor.node - first_call(saved, named_in))

    def _called(self, saved: Config, tensor: Tensor, number: int) -> None:
        call = call_of(saved, number)
        if call is None:
            self.walk.opaque(self.prefix + shown(tensor.layer), BROKEN)
        elif (tensor.layer, number) in self._met:
            self.walk.opaque(self.prefix + shown(tensor.layer), CIRCLE)
        else:
            self._met.add((tensor.layer, number))
            fed = tuple(self._from(one) for one in tensors((*call.arguments, *call.keywords.values())))
            operands = [self._operand(one) for one in operands_of(call)]
            self.walk.step(saved, self.prefix, tensor.index, fed, operands, call)

    def _input(self, tensor: Tensor) -> None:
        """An input of a nested model is what the model is called on."""
        names = [one.layer for _, one in references(self.config.get("input_layers"))]
        position = names.index(tensor.layer) if tensor.layer in names else 0
        if position < len(self.inputs):
            self.inputs[position]()

    def _from(self, tensor: Tensor) -> Follow:
        return lambda: self._follow(tensor, "inbound_nodes")

    def _operand(self, value: Any) -> Operand:
        if isinstance(value, Tensor):
            return self._from(value)
        return Known(value) if isinstance(value, int | float) else Unknown("the operand is not a number")
