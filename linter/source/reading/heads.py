"""From the tensor that a model puts out back to the layer that makes its scores: the Head fact."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, field

import libcst as cst

from mllint.facts import Fact, Head, Identifier, Known, Place, Unknown
from mllint.reading.heads import Follow, Operand, Trail
from mllint.rules import knowledge
from mllint.source.program.conditions import World, resolve
from mllint.source.program.keras_library.signatures import argument
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
        walk = _Walk(self)
        walk.follow(output, ())
        last = walk.trail.last_layer
        head = walk.trail.head(self._dtype(last.made if isinstance(last, _Layer) else None))
        return head, tuple(walk.identifiers)

    def resolved(self, value: Value | None) -> Value | None:
        return resolve(value, self.world) if value is not None else None

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
        value = self.resolved(value)
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

    def number(self, value: Value, owner: cst.CSTNode | None) -> Fact[int]:
        """The whole number that an argument holds."""
        value = resolve(value, self.world)
        if isinstance(value, Constant) and isinstance(value.value, int) and not isinstance(value.value, bool):
            return Known(value.value, self.place(value.node or owner))
        reason = value.reason if isinstance(value, Missing) else "not given as a number"
        return Unknown(reason, self.place(value.node or owner))


def _symbol_of(value: Value) -> str | None:
    if isinstance(value, Symbol):
        return knowledge.canonical(value.name)
    return value.symbol if isinstance(value, Made) else None


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer that the program makes."""

    reader: HeadReader
    made: Made
    identifiers: list[Identifier]

    @property
    def symbol(self) -> str:
        return self.made.symbol

    @property
    def place(self) -> Place:
        return self.reader.place(self.made.node)

    def number(self, parameter: str) -> Fact[int] | None:
        given = self._given(parameter)
        return self.reader.number(given, self.made.node) if given is not None else None

    def last_number(self, parameter: str) -> Fact[int]:
        given = self.reader.resolved(self._given(parameter))
        if isinstance(given, Items) and given.values:
            return self.reader.number(given.values[-1], self.made.node)
        return Unknown(f"{parameter} is not known", self.place)

    def text(self, parameter: str) -> str | None:
        given = self.reader.resolved(self._given(parameter))
        return given.value if isinstance(given, Constant) and isinstance(given.value, str) else None

    def activation(self, parameter: str, default: str) -> tuple[Fact[str], str]:
        if self.reader.reassigned & {None, self.made.reference}:
            return Unknown("the activation of a layer is assigned anew", self.place), "unknown"
        given = self.reader.resolved(self._given(parameter))
        if given is None and not self.made.arguments.complete:
            return Unknown("the layer takes arguments that are not known", self.place), "unknown"
        if isinstance(given, Constant) and isinstance(given.value, str):
            self.identifiers.append(Identifier("activation", given.value, self.reader.place(given.node)))
        return self.reader.activation(given, default, self.made.node)

    def wrapped(self) -> _Layer | None:
        inner = self.reader.resolved(self.made.arguments.get("layer", 0))
        return _Layer(self.reader, inner, self.identifiers) if isinstance(inner, Made) else None

    def _given(self, parameter: str) -> Value | None:
        row = knowledge.layers().symbol(self.symbol)
        return argument(self.made.arguments, row.signature, parameter) if row is not None else None


@dataclass(slots=True)
class _Walk:
    """The way back from an output through the values of the program."""

    reader: HeadReader
    trail: Trail = field(default_factory=Trail)
    identifiers: list[Identifier] = field(default_factory=list)

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
        else:
            self._opaque(value, _why(value))

    def _applied(self, value: Applied, outer: tuple[Value, ...]) -> None:
        layer = resolve(value.layer, self.reader.world)
        if isinstance(layer, Made):
            self.trail.layer(
                _Layer(self.reader, layer, self.identifiers),
                self._from(value.inputs, outer),
                lambda: self._merged(value.inputs, outer),
            )
        elif isinstance(layer, Constant) and layer.value is None:
            self.follow(value.inputs, outer)
        else:
            reason = layer.reason if isinstance(layer, Missing) else "it is not a layer of Keras"
            self._opaque(layer, f"the last layer is not known: {reason}")

    def _merged(self, inputs: Value, outer: tuple[Value, ...]) -> list[Operand]:
        return self._operands(inputs.values if isinstance(inputs, Items) else (inputs,), outer)

    def _operation(self, value: Operation, outer: tuple[Value, ...]) -> None:
        place = self.reader.place(value.node)
        first = _input_of(value)
        axis = value.arguments.get("axis", 1)
        self.trail.function(
            value.symbol,
            place,
            self._operand(first, outer) if first is not None else None,
            self._operands(value.arguments.positional, outer),
            self.reader.number(axis, value.node) if axis is not None else None,
        )

    def _operands(self, values: tuple[Value, ...], outer: tuple[Value, ...]) -> list[Operand]:
        return [self._operand(value, outer) for value in values]

    def _operand(self, value: Value, outer: tuple[Value, ...]) -> Operand:
        value = resolve(value, self.reader.world)
        if isinstance(value, Tensor):
            return self._from(value, outer)
        place = self.reader.place(value.node)
        return Known(value.value, place) if isinstance(value, Constant) else Unknown(_why(value), place)

    def _from(self, value: Value, outer: tuple[Value, ...]) -> Follow:
        return lambda: self.follow(value, outer)

    def _opaque(self, value: Value, reason: str) -> None:
        self.trail.opaque(self.reader.place(value.node), reason)


def _why(value: Value) -> str:
    return value.reason if isinstance(value, Missing) else "what the model puts out is not known"


def _input_of(value: Operation) -> Value | None:
    """The tensor that a function works on: its first argument, or a keyword."""
    arguments: Arguments = value.arguments
    if arguments.positional:
        return arguments.positional[0]
    for name in ("x", "logits", "features", "input", "inputs", "tensor", "a"):
        if name in arguments.keywords:
            return arguments.keywords[name]
    return next((one for one in arguments.keywords.values() if isinstance(one, Tensor)), None)
