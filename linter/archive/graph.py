"""From the outputs of a saved model back through its layers: the heads.

A Sequential model is a list of layers. A functional model is a graph: `output_layers` and every call of a layer
(`inbound_nodes`) name the tensors they take as [layer, call, tensor]. Keras 3 writes the arguments of a call as they
were given, with such a reference in place of every tensor; Keras 2 writes a list of references, and numbers in between.
Source: keras/src/models/functional.py, functional_from_config; Keras 2.15 keras/src/engine/functional.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from mllint.archive.contents import Config, UnreadableModel
from mllint.archive.layers import SavedLayer, settings_of, symbol_of, whole_number
from mllint.archive.parts import Part, shown
from mllint.facts import Head, Known, Place, Unknown
from mllint.reading.heads import Follow, Operand, Trail
from mllint.rules import knowledge

MOST_OUTPUTS: Final = 100
BROKEN: Final = "the file names a layer that it does not hold"
_MODELS: Final = ("Sequential", "Functional", "Model")
_TENSOR, _CONSTANT = "__keras_tensor__", "_CONSTANT_VALUE"
_OPERANDS: Final = ("x", "y", "x1", "x2", "a", "b")
"""Parameters by which operations take a second tensor or number."""

Inputs: TypeAlias = "Sequence[Follow]"
NamedIn: TypeAlias = Literal["output_layers", "inbound_nodes"]


@dataclass(frozen=True, slots=True)
class Tensor:
    """A reference: what the `node`-th call of a layer puts out, `index` of several."""

    layer: str
    node: int
    index: int


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a layer: tensors, lists of them, and constants, as far as they matter."""

    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]


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
    outputs = _references(settings_of(saved).get("output_layers"))
    if len(outputs) > MOST_OUTPUTS:
        raise UnreadableModel(f"it has more than {MOST_OUTPUTS} outputs")
    return [shown(name) for name, _ in outputs] if outputs else [None]


def _references(outputs: Any) -> list[tuple[str, Tensor]]:
    if isinstance(outputs, dict):
        found = [(key, _reference(one)) for key, one in outputs.items()]
    elif _reference(outputs) is not None:
        found = [("", _reference(outputs))]
    elif isinstance(outputs, list):
        found = [("", _reference(one)) for one in outputs]
    else:
        found = []
    return [(name or tensor.layer, tensor) for name, tensor in found if tensor is not None]


def _reference(value: Any) -> Tensor | None:
    """["dense", 0, 0], as both versions write it; Keras 2 may add keyword arguments."""
    if isinstance(value, dict) and value.get("class_name") == _TENSOR:
        value = settings_of(value).get("keras_history")
    if not isinstance(value, list) or len(value) not in (3, 4) or not isinstance(value[0], str):
        return None
    name, node, index = value[:3]
    return Tensor(name, node, index) if isinstance(node, int) and isinstance(index, int) else None


@dataclass(slots=True)
class _Walk:
    """The way back from one output."""

    path: str
    trail: Trail = field(default_factory=Trail)
    _met: set[tuple[int, object]] = field(default_factory=set)

    def model(self, saved: Config, index: int, inputs: Inputs, prefix: str) -> None:
        """From output `index` of a model; `inputs` is what feeds it, empty for the outermost one."""
        config = saved.get("config")
        if isinstance(config, list):
            _Sequence(self, config, inputs, prefix).follow(len(config) - 1)
        elif not isinstance(config, dict) or not isinstance(config.get("layers"), list):
            self.opaque(prefix, f"{shown(saved.get('class_name'))} is of the program's own: the file holds no layers")
        elif "output_layers" in config:
            _Graph(self, config, inputs, prefix).output(index)
        else:
            _Sequence(self, config["layers"], inputs, prefix).follow(len(config["layers"]) - 1)

    def step(
        self, saved: Any, prefix: str, index: int, inputs: Inputs, merged: Callable[[], Sequence[Operand]], call: Call
    ) -> None:
        """One layer, operation or nested model; `merged` are its operands, one for each tensor or number it takes."""
        if not isinstance(saved, dict) or not isinstance(saved.get("class_name"), str):
            self.opaque(prefix, BROKEN)
            return
        name = prefix + shown(settings_of(saved).get("name", saved.get("name", saved["class_name"])))
        inner = _unwrapped(saved)
        if is_model(inner):
            self.model(inner, index, inputs, f"{name}/")
            return
        place = Place(self.path, Part("layer", name))
        operation = _operation(saved)
        if operation is None:
            self.trail.layer(SavedLayer(saved, place), _first(inputs), merged)
            return
        operands = merged()
        axis = call.keywords.get("axis", settings_of(saved).get("axis"))
        self.trail.function(
            operation,
            place,
            operands[0] if operands else None,
            operands,
            whole_number(axis, place) if axis is not None else None,
        )

    def enter(self, graph: object, step: object) -> bool:
        """Whether a step is met for the first time; a file can lead around in a circle."""
        if (id(graph), step) in self._met:
            self.opaque("", "the layers of the file lead around in a circle")
            return False
        self._met.add((id(graph), step))
        return True

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
        elif self.walk.enter(self.layers, position):
            before = (lambda: self.follow(position - 1),)
            self.walk.step(self.layers[position], self.prefix, 0, before, lambda: before, Call((), {}))


@dataclass(frozen=True, slots=True)
class _Graph:
    """The layers of a functional model."""

    walk: _Walk
    config: Config
    inputs: Inputs
    prefix: str

    def output(self, index: int) -> None:
        outputs = _references(self.config.get("output_layers"))
        if index < len(outputs):
            self._follow(outputs[index][1], "output_layers")
        else:
            self.walk.opaque(self.prefix, BROKEN)

    def _follow(self, tensor: Tensor, named_in: NamedIn) -> None:
        saved = next((one for one in self._layers() if one.get("name") == tensor.layer), None)
        if saved is None:
            self.walk.opaque(self.prefix, BROKEN)
        elif saved.get("class_name") == "InputLayer":
            self._input(tensor)
        elif self.walk.enter(self.config, tensor):
            call = _call(saved, tensor.node - _first_call(saved, named_in))
            if call is None:
                self.walk.opaque(self.prefix + shown(tensor.layer), BROKEN)
                return
            tensors = tuple(self._from(one) for one in _tensors((*call.arguments, *call.keywords.values())))
            self.walk.step(
                saved, self.prefix, tensor.index, tensors, lambda: [self._operand(one) for one in _operands(call)], call
            )

    def _layers(self) -> Iterator[Config]:
        return (one for one in self.config["layers"] if isinstance(one, dict))

    def _input(self, tensor: Tensor) -> None:
        """An input of a nested model is what the model is called on."""
        names = [one.layer for _, one in _references(self.config.get("input_layers"))]
        position = names.index(tensor.layer) if tensor.layer in names else 0
        if position < len(self.inputs):
            self.inputs[position]()

    def _from(self, tensor: Tensor) -> Follow:
        return lambda: self._follow(tensor, "inbound_nodes")

    def _operand(self, value: Any) -> Operand:
        if isinstance(value, Tensor):
            return self._from(value)
        return Known(value) if isinstance(value, int | float) else Unknown("the operand is not a number")


# ---------------------------------------------------------------- calls


def _call(saved: Config, node: int) -> Call | None:
    """A call of a layer by its number; None where the file does not hold it."""
    nodes = saved.get("inbound_nodes")
    if not isinstance(nodes, list):
        return None
    if not 0 <= node < len(nodes):
        return None
    found = nodes[node]
    if isinstance(found, dict):
        arguments, keywords = found.get("args"), found.get("kwargs")
        if not isinstance(arguments, list) or not isinstance(keywords, dict):
            return None
        return Call(tuple(map(_argument, arguments)), {key: _argument(one) for key, one in keywords.items()})
    return _call_of_keras2(found) if isinstance(found, list) else None


def _first_call(saved: Config, named_in: NamedIn) -> int:
    """The number by which a reference means the first of the calls that the file holds.

    A nested model that knows its input also counts the call by which it was made. Keras 3 does so for functional models
    and in `output_layers` only. Source: keras/src/models/functional.py, get_config and functional_from_config;
    Keras 2.15 keras/src/engine/functional.py, _should_skip_first_node.
    """
    config = settings_of(saved)
    layers, nodes = config.get("layers"), saved.get("inbound_nodes")
    if not isinstance(layers, list) or not isinstance(nodes, list) or not layers or not nodes:
        return 0
    if isinstance(nodes[0], dict):
        return 1 if named_in == "output_layers" and "output_layers" in config else 0
    return 1 if isinstance(layers[0], dict) and layers[0].get("class_name") == "InputLayer" else 0


def _argument(value: Any) -> Any:
    if isinstance(value, list):
        return [_argument(one) for one in value]
    tensor = _reference(value) if isinstance(value, dict) else None
    return tensor if tensor is not None else value


def _call_of_keras2(found: list[Any]) -> Call:
    """[["dense", 0, 0, {}], …]; the reference of an operation stands alone, and a constant has a name of its own."""
    entries: list[Any] = [found] if found and isinstance(found[0], str) else found
    arguments: list[Any] = []
    keywords: dict[str, Any] = {}
    for entry in entries:
        tensor = _reference(entry)
        if tensor is None:
            continue
        arguments.append(entry[2] if tensor.layer == _CONSTANT else tensor)
        if len(entry) == 4 and isinstance(entry[3], dict):
            keywords |= {key: _reference(one) or one for key, one in entry[3].items()}
    # A merging layer takes one list.
    return Call((arguments,) if len(arguments) > 1 else tuple(arguments), keywords)


def _operands(call: Call) -> list[Any]:
    """What a merge or an operation works on, in order: one tensor or number after the other."""
    first = call.arguments[0] if call.arguments else None
    if len(call.arguments) == 1 and isinstance(first, list):
        return first
    named = [call.keywords[name] for name in _OPERANDS if call.keywords.get(name) is not None]
    return [*call.arguments, *named]


def _tensors(values: Any) -> Iterator[Tensor]:
    """Every tensor in the arguments of a call."""
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, list):
            yield from _tensors(value)
