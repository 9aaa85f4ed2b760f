"""An output in words, as far as its head and its loss are known."""

from __future__ import annotations

from mllint.facts import Output
from mllint.rules.views.pairs import value

RIGHT_PAIRING = {
    "multi-hot": "activation='sigmoid' with loss='binary_crossentropy'",
    "one-hot": "activation='softmax' with loss='categorical_crossentropy'",
    "distribution": "activation='softmax' with loss='categorical_crossentropy'",
    "integer": "activation='softmax', one unit per class, with loss='sparse_categorical_crossentropy'",
    "binary": "one unit with activation='sigmoid' and loss='binary_crossentropy'",
    "signed": "no activation, with loss='hinge'",
    "continuous": "no activation, with loss='mse'",
    "image": "no activation, with loss='mse'",
    "self": "no activation, with loss='mse'",
}
"""By label encoding, the head and the loss that are made for it."""


def head_of(output: Output) -> str:
    """softmax over 10 units; a head of 10 units where the activation is unknown."""
    activation, units = value(output.head.activation), value(output.head.units)
    over = "" if units is None else f"{units} unit{'s' if units != 1 else ''}"
    if activation is None:
        return f"a head of {over}" if over else "the head"
    return f"{activation} over {over}" if over else f"{activation} head"


def loss_of(output: Output) -> str:
    name, from_logits = value(output.loss.name), value(output.loss.from_logits)
    if name is None:
        return "the program's own loss"
    return f"{name}(from_logits=True)" if from_logits else str(name)


def pair_of(output: Output) -> str:
    """softmax over 10 units with binary_crossentropy."""
    return f"{head_of(output)} with {loss_of(output)}"


def right_pairing(output: Output) -> str:
    """The way out that belongs to the labels."""
    encoding = value(output.labels.encoding)
    return RIGHT_PAIRING.get(encoding, "a head and a loss that belong to the labels")


def figure(number: float) -> str:
    """A measured number, to three digits."""
    return f"{number:.3g}"
