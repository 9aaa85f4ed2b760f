"""From the loss object of a live model to the Loss fact."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Mapping
from typing import Any

from mllint.facts import Fact, Known, Loss, Place
from mllint.reading.losses import Written, known_loss, loss_by_name, unknown_loss
from mllint.rules import knowledge

OWN = "the loss is the program's own"


def read_loss(loss: Any, place: Place) -> Loss:
    """What was given to compile for one output: a string, a function, a class, an instance, a partial."""
    if loss is None:
        return unknown_loss("no loss is given", "missing", place)
    if isinstance(loss, str):
        return loss_by_name(loss, "string", place)
    if isinstance(loss, functools.partial):
        return _by_symbol(symbol_of(loss.func), loss.keywords, "wrapped", place)
    if inspect.isclass(loss):
        return _by_symbol(symbol_of(loss), {}, "class", place)
    wrapped = getattr(loss, "fn", None)
    if wrapped is not None and type(loss).__name__ == "LossFunctionWrapper":
        return _by_symbol(symbol_of(wrapped), getattr(loss, "_fn_kwargs", {}), "function", place)
    if hasattr(loss, "get_config"):
        return _by_symbol(symbol_of(type(loss)), _arguments(loss), "instance", place)
    return _by_symbol(symbol_of(loss), {}, "function", place)


def symbol_of(thing: Any) -> str:
    """The canonical name of a function or class: keras.losses.Huber, tf.nn.softmax_cross_entropy_with_logits."""
    exported = getattr(thing, "_tf_api_names", ())
    if exported:
        return knowledge.canonical(f"tf.{exported[0]}")
    return knowledge.canonical(f"{getattr(thing, '__module__', '')}.{getattr(thing, '__qualname__', '')}")


def _by_symbol(symbol: str, arguments: Mapping[str, Any], written: Written, place: Place) -> Loss:
    row = knowledge.losses().symbol(symbol)
    spelling = row.spelling(symbol) if row is not None else None
    if row is None or spelling is None:
        return unknown_loss(OWN, "wrapped", place)

    def given(parameter: str) -> Fact[Any] | None:
        return Known(arguments[parameter], place) if parameter in arguments else None

    if written == "function" and spelling.kind == "op" and not symbol.startswith("keras."):
        written = "op"
    return known_loss(row, spelling, given, written, place)


def _arguments(loss: Any) -> Mapping[str, Any]:
    try:
        config = loss.get_config()
    except Exception:  # a loss of the user's own may raise anything
        return {}
    return config if isinstance(config, Mapping) else {}


def remade(keras: Any, loss: Loss) -> Any | None:
    """A loss object of Keras with these facts; None where one of them is unknown or Keras has no class for it."""
    row = knowledge.losses().get(loss.name.value) if isinstance(loss.name, Known) else None
    spelling = next((one for one in row.spellings if one.kind == "class"), None) if row is not None else None
    made = getattr(keras.losses, spelling.symbol.rpartition(".")[2], None) if spelling is not None else None
    facts = {"from_logits": loss.from_logits, "label_smoothing": loss.label_smoothing, "axis": loss.axis}
    if spelling is None or made is None or not all(isinstance(fact, Known) for fact in facts.values()):
        return None
    passed = {name: fact.value for name, fact in facts.items() if isinstance(fact, Known)}
    return made(**{name: value for name, value in passed.items() if name in spelling.signature.parameters})
