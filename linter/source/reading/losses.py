"""From the value given as a loss, or called as one, to the Loss fact."""

from __future__ import annotations

from typing import Any

import libcst as cst

from mllint.facts import Fact, Identifier, Known, Loss, Place, Unknown
from mllint.reading.losses import Written, known_loss, loss_by_name, unknown_loss
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import LossRow, LossSpelling
from mllint.source.program.conditions import World, resolve
from mllint.source.program.keras_library.signatures import argument
from mllint.source.program.values import (
    Arguments,
    Bound,
    Class,
    Constant,
    Function,
    Instance,
    LossValue,
    Made,
    Missing,
    Partial,
    Symbol,
    Value,
)
from mllint.source.reading.heads import PlaceOf

NO_ARGUMENTS = Arguments()


def read_loss(value: Value | None, world: World, place: PlaceOf) -> tuple[Loss, tuple[Identifier, ...]]:
    """The loss that `value` stands for, and the string by which it was asked for.

    Raises Undecided where the loss depends on a condition that the world leaves open.
    """
    value = resolve(value, world) if value is not None else None
    if value is None or (isinstance(value, Constant) and value.value is None):
        return unknown_loss("no loss is given", "missing", place(value.node) if value is not None else None), ()
    where = place(value.node)
    if isinstance(value, Constant):
        return _from_string(value, place)
    if isinstance(value, LossValue):
        return _from_value(value.loss, value.arguments, world, place, where, "wrapped"), ()
    if isinstance(value, Partial):
        return _from_value(value.function, value.arguments, world, place, where, "wrapped"), ()
    if isinstance(value, Symbol | Made):
        return _from_value(value, NO_ARGUMENTS, world, place, where, None), ()
    if isinstance(value, Function | Bound | Class | Instance):
        return unknown_loss("the loss is the program's own", "wrapped", where), ()
    reason = value.reason if isinstance(value, Missing) else "it is not a string, a function or a loss"
    return unknown_loss(f"the loss is not known: {reason}", "function", where), ()


def _from_string(value: Constant, place: PlaceOf) -> tuple[Loss, tuple[Identifier, ...]]:
    where = place(value.node)
    if not isinstance(value.value, str):
        return unknown_loss("the loss is not known: it is not a string, a function or a loss", "string", where), ()
    return loss_by_name(value.value, "string", where), (Identifier("loss", value.value, where),)


def read_called_loss(loss: Value, call: Arguments, node: cst.CSTNode | None, world: World, place: PlaceOf) -> Loss:
    """The loss of loss(labels, prediction); raises Undecided as read_loss does."""
    return _from_value(loss, call, world, place, place(node), None)


def knowledge_of(value: Value) -> tuple[LossRow, LossSpelling] | None:
    """What the knowledge tables say of a loss object or function."""
    symbol = knowledge.canonical(value.name) if isinstance(value, Symbol) else getattr(value, "symbol", "")
    row = knowledge.losses().symbol(symbol)
    spelling = row.spelling(symbol) if row is not None else None
    return (row, spelling) if row is not None and spelling is not None else None


def _from_value(
    value: Value, call: Arguments, world: World, place: PlaceOf, where: Place, written: Written | None
) -> Loss:
    value = resolve(value, world)
    if not isinstance(value, Symbol | Made):
        return unknown_loss("the loss is the program's own", "wrapped", where)
    known = knowledge_of(value)
    if known is None:
        name = value.symbol if isinstance(value, Made) else knowledge.canonical(value.name)
        return unknown_loss(f"{name} is not a loss that is known", "function", where)
    row, spelling = known
    if isinstance(value, Made):
        # from_logits is written where the loss is made, not where it is called.
        return _loss(row, spelling, value.arguments, world, place, place(value.node), written or "instance")
    kind: Written = "function" if spelling.symbol.startswith("keras.") and spelling.kind == "op" else spelling.kind
    if kind == "op":  # also within a function of the program it never looks behind the activation
        return _loss(row, spelling, call, world, place, where, kind)
    return _loss(row, spelling, call, world, place, where, written or kind)


def _loss(
    row: LossRow,
    spelling: LossSpelling,
    arguments: Arguments,
    world: World,
    place: PlaceOf,
    where: Place,
    written: Written,
) -> Loss:
    def given(parameter: str) -> Fact[Any] | None:
        value = argument(arguments, spelling.signature, parameter)
        if value is None:
            if arguments.complete or parameter not in spelling.signature.parameters:
                return None
            return Unknown(f"{parameter} may be among arguments that are not known", where)
        value = resolve(value, world)
        if isinstance(value, Constant):
            return Known(value.value, place(value.node))
        reason = value.reason if isinstance(value, Missing) else "not a constant"
        return Unknown(f"{parameter} is not known: {reason}", place(value.node))

    return known_loss(row, spelling, given, written, where)
