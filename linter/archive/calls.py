"""How layers are connected in a functional model: references to tensors, and the calls that take them.

`output_layers` and every call of a layer (`inbound_nodes`) name the tensors they take as [layer, call, tensor]. Keras 3
writes the arguments of a call as they were given, with such a reference in place of every tensor; Keras 2 writes a list
of references, and numbers in between. Source: keras/src/models/functional.py; Keras 2.15
keras/src/engine/functional.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from mllint.archive.contents import Config
from mllint.archive.layers import settings_of

NamedIn: TypeAlias = Literal["output_layers", "inbound_nodes"]

_TENSOR, _CONSTANT = "__keras_tensor__", "_CONSTANT_VALUE"
_OPERANDS: Final = ("x", "y", "x1", "x2", "a", "b")
"""Parameters by which operations take a second tensor or number."""


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


def references(outputs: Any) -> list[tuple[str, Tensor]]:
    """The tensors that a model puts out, or takes in, by name: the key in a dict, else the layer."""
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


def call_of(saved: Config, node: int) -> Call | None:
    """A call of a layer by its number; None where the file does not hold it."""
    nodes = saved.get("inbound_nodes")
    if not isinstance(nodes, list) or not 0 <= node < len(nodes):
        return None
    found = nodes[node]
    if isinstance(found, dict):
        arguments, keywords = found.get("args"), found.get("kwargs")
        if not isinstance(arguments, list) or not isinstance(keywords, dict):
            return None
        return Call(tuple(map(_argument, arguments)), {key: _argument(one) for key, one in keywords.items()})
    return _call_of_keras2(found) if isinstance(found, list) else None


def first_call(saved: Config, named_in: NamedIn) -> int:
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


def operands_of(call: Call) -> list[Any]:
    """What a merge or an operation works on, in order: one tensor or number after the other."""
    first = call.arguments[0] if call.arguments else None
    if len(call.arguments) == 1 and isinstance(first, list):
        return first
    named = [call.keywords[name] for name in _OPERANDS if call.keywords.get(name) is not None]
    return [*call.arguments, *named]


def tensors(values: Any) -> Iterator[Tensor]:
    """Every tensor in the arguments of a call."""
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, list):
            yield from tensors(value)
