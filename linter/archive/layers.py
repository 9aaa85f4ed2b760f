"""One layer of a saved model: its serialized class and configuration, as the heads are read from it.

Keras 3 and the .keras format of Keras 2 state where a class comes from (module, registered_name); the older formats
state its name alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mllint.archive.contents import Config
from mllint.archive.parts import Part, shown
from mllint.facts import Fact, Known, Place, Unknown
from mllint.rules import knowledge

LARGEST_NUMBER: Final = 2**63 - 1
"""Sizes and axes of tensors are 64-bit numbers; JSON may hold some of thousands of digits."""
_OPERATIONS = "keras.ops."
_OWN_FUNCTION = "is a function of the program: the file holds its name alone"


def symbol_of(saved: Config, package: str) -> str:
    """The canonical symbol of a serialized object of a package of Keras: keras.layers.Dense.

    For a class that is not Keras' own, what it is registered as.
    """
    name = str(saved.get("class_name"))
    registered, module = saved.get("registered_name"), saved.get("module")
    if isinstance(registered, str) and (">" in registered or not isinstance(module, str)):
        return shown(registered)  # registered by the program, or a class of the script that saved the model
    if not isinstance(module, str):
        return shown(name) if ">" in name else f"{package}.{shown(name)}"
    symbol = knowledge.canonical(f"{shown(module)}.{shown(name)}")
    # Keras 3 makes a class of every operation: keras.src.ops.nn.LogSoftmax is what keras.ops.log_softmax applies.
    return _OPERATIONS + _snake_case(name) if symbol.startswith(_OPERATIONS) else symbol


def _snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", shown(name)).lower()


def settings_of(saved: Config) -> Config:
    """The `config` of a serialized object; empty where it has none."""
    config = saved.get("config")
    return config if isinstance(config, dict) else {}


def whole_number(value: object, place: Place) -> Fact[int]:
    if not isinstance(value, int) or isinstance(value, bool):
        return Unknown("not given as a number", place)
    if abs(value) > LARGEST_NUMBER:
        return Unknown("the number is larger than that of any tensor", place)
    return Known(value, place)


@dataclass(frozen=True, slots=True)
class SavedLayer:
    """A layer as mllint.reading.heads wants it."""

    saved: Config
    place: Place

    @property
    def symbol(self) -> str:
        symbol = symbol_of(self.saved, "keras.layers")
        row = knowledge.layers().symbol(symbol)
        if row is not None and row.activation is not None and row.activation not in self._config:
            return shown(self.saved.get("class_name"))  # it shares the name alone: Keras writes every activation
        return symbol

    @property
    def _config(self) -> Config:
        return settings_of(self.saved)

    def number(self, parameter: str) -> Fact[int] | None:
        value = self._config.get(parameter)
        return whole_number(value, self.place) if value is not None else None

    def last_number(self, parameter: str) -> Fact[int]:
        value = self._config.get(parameter)
        if isinstance(value, list) and value:
            return whole_number(value[-1], self.place)
        return Unknown(f"{parameter} is not known", self.place)

    def text(self, parameter: str) -> str | None:
        value = self._config.get(parameter)
        return value if isinstance(value, str) else None

    def activation(self, parameter: str, default: str) -> tuple[Fact[str], str]:
        return read_activation(self._config.get(parameter, default), self.place)

    def wrapped(self) -> SavedLayer | None:
        inner = self._config.get("layer")
        if not isinstance(inner, dict):
            return None
        owner: Part = self.place.anchor
        name = settings_of(inner).get("name", inner.get("class_name"))
        return SavedLayer(inner, Place(self.place.path, Part("layer", f"{owner.name}/{shown(name)}")))

    def dtype(self) -> Fact[str]:
        """The dtype of what the layer puts out. A mixed policy computes in half precision, and so does its output."""
        return _dtype(self._config.get("dtype"), self.place)


def read_activation(value: Any, place: Place) -> tuple[Fact[str], str]:
    """The activation that a configuration names, and the symbol it stands for."""
    if value is None:
        return Known("linear", place), "keras.activations.linear"
    if isinstance(value, Mapping) and value.get("class_name") == "function":
        name = value.get("config")
        registered = value.get("registered_name")
        value = registered if isinstance(registered, str) and ">" in registered else name
    if isinstance(value, str):
        row = knowledge.activations().identify(value)
        if row is None:
            return Unknown(f"{shown(value)!r} {_OWN_FUNCTION}", place), shown(value)
        return Known(row.name, place), f"keras.activations.{row.name}"
    if isinstance(value, Mapping) and isinstance(value.get("class_name"), str):
        symbol = symbol_of(value, "keras.layers")
        row = knowledge.activations().symbol(symbol)
        if row is not None:
            return Known(row.name, place), symbol
        return Unknown(f"{symbol} is not an activation that is known", place), symbol
    return Unknown("the activation is not known: it is not a string or a function", place), "unknown"


def _dtype(value: Any, place: Place) -> Fact[str]:
    if isinstance(value, Mapping):
        value = settings_of(value).get("name")  # a policy: {"class_name": "DTypePolicy", "config": {"name": …}}
    elif value is None:
        return Known("float32", place)  # files of Keras 1 and early Keras 2 state none
    if not isinstance(value, str):
        return Unknown("the dtype of the head is not known", place)
    # int8_from_mixed_bfloat16: quantized weights, values in the dtype that they were made from.
    return Known(shown(value).rpartition("_from_")[2].removeprefix("mixed_"), place)
