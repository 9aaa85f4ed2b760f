"""From what is known of a loss to the Loss fact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeAlias

from mllint.facts import Fact, Known, Loss, Place, Unknown
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import LossRow, LossSpelling

Written: TypeAlias = Literal["string", "function", "class", "instance", "op", "wrapped", "missing"]
Given: TypeAlias = Callable[[str], "Fact[Any] | None"]
"""What is given for a parameter; None where the default holds."""


def known_loss(row: LossRow, spelling: LossSpelling, given: Given, written: Written, place: Place) -> Loss:
    def read(parameter: str, default: Any) -> Fact[Any]:
        fact = given(parameter)
        return fact if fact is not None else Known(default)

    return Loss(
        name=Known(row.name, place),
        from_logits=read("from_logits", bool(spelling.from_logits)),
        label_smoothing=read("label_smoothing", 0.0),
        axis=read("axis", -1),
        spelling=written,
        place=place,
    )


def loss_by_name(name: str, written: Written, place: Place) -> Loss:
    """The loss that Keras finds for a string."""
    row = knowledge.losses().identify(name)
    if row is None:
        return unknown_loss(f"{name!r} is not a loss of Keras", written, place)
    spelling = next((one for one in row.spellings if one.kind != "op"), None)
    if spelling is None:
        return unknown_loss(f"{name!r} is resolved by the shape of the labels", written, place)
    return known_loss(row, spelling, lambda parameter: None, written, place)


def unknown_loss(reason: str, written: Written, place: Place | None) -> Loss:
    unknown = Unknown(reason, place)
    return Loss(unknown, unknown, unknown, unknown, written, place)
