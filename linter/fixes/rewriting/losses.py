"""Another loss, or other arguments for it, in the program's own way of writing losses."""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from mllint.facts import Loss
from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting.draft import Draft
from mllint.fixes.rewriting.named import OWN, spelling_of
from mllint.repairs import SetLoss, SetLossArgument, Written
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import LossRow, LossSpelling


def set_loss(draft: Draft, change: SetLoss) -> None:
    row = knowledge.losses().get(change.name)
    if row is None:
        raise Refused(f"{change.name} is not a loss of Keras")
    _write(draft, change.loss, row, {"from_logits": change.from_logits})


def set_loss_argument(draft: Draft, change: SetLossArgument) -> None:
    _write(draft, change.loss, None, {change.parameter: change.value})


def _write(draft: Draft, loss: Loss, row: LossRow | None, values: Mapping[str, Written]) -> None:
    """The loss `row`, or that of today, with these arguments."""
    if loss.place is None or loss.spelling == "missing":
        raise Refused("no loss is given")
    node = draft.program.anchor(loss.place)
    if isinstance(node, cst.Call):
        _write_call(draft, node, row, values)
    elif isinstance(node, cst.SimpleString | cst.ConcatenatedString | cst.Name | cst.Attribute):
        _write_name(draft, node, loss, row, values)
    else:
        raise Refused("the loss is put together when the program runs")


# ---- a name --------------------------------------------------------------------------------------------------------


def _write_name(
    draft: Draft, node: cst.BaseExpression, loss: Loss, row: LossRow | None, values: Mapping[str, Written]
) -> None:
    today = knowledge.losses().get(getattr(loss.name, "value", ""))
    named = draft.named(node, today)
    if row is not None:
        named.become(row)
    for parameter, value in values.items():
        if value not in (None, False):
            named.pass_value(parameter, value)


# ---- a call --------------------------------------------------------------------------------------------------------


def _write_call(draft: Draft, node: cst.Call, row: LossRow | None, values: Mapping[str, Written]) -> None:
    symbol = draft.names.symbol(node.func)
    if symbol == "functools.partial":
        _write_partial(draft, node, row, values)
        return
    today = knowledge.losses().symbol(symbol) if symbol is not None else None
    spelling = today.spelling(symbol) if today is not None and symbol is not None else None
    if spelling is None or today is None:
        raise Refused("the loss is made by a function or class of this program")
    call = draft.call(node, spelling.signature)
    if knowledge.is_taught(spelling.symbol) and row not in (None, today):
        raise Refused(f"{spelling.symbol} {OWN}")
    target = _target(row or today, spelling, values) if not knowledge.is_taught(spelling.symbol) else spelling
    if target is not spelling:
        call.become(draft.spell_beside(node.func, target.symbol), target.signature, _renamed(spelling, target))
    for parameter, value in values.items():
        if parameter in target.signature.parameters:
            given = call.given(parameter)
            if value is None or (value is False and given is None):
                call.drop(parameter)
            elif given is None or draft.program.code(given.value) != repr(value):
                _pass(draft, node, parameter, value, spelling)
        elif value is None:
            call.drop(parameter)
        elif row is None or parameter != "from_logits":
            raise Refused(f"{target.symbol} takes no {parameter}")


def _pass(draft: Draft, node: cst.Call, parameter: str, value: Written, spelling: LossSpelling) -> None:
    """What is the default anyway is not written out."""
    call = draft.call(node, spelling.signature)
    if value == spelling.signature.defaults.get(parameter):
        call.drop(parameter)
    else:
        call.pass_value(parameter, value)


def _target(row: LossRow, today: LossSpelling, values: Mapping[str, Written]) -> LossSpelling:
    """The spelling of a loss that is most like the one of today: an object, a function, an op of the same module."""
    asked = values.get("from_logits")
    if today.kind == "class":
        return _spelling(row, "class")
    module = today.symbol.rpartition(".")[0]
    for spelling in row.spellings:
        chooses = "from_logits" in spelling.signature.parameters
        fits = asked is None or chooses or bool(spelling.from_logits) == bool(asked)
        if spelling.kind == today.kind and spelling.symbol.rpartition(".")[0] == module and fits:
            return spelling
    return _spelling(row, "function")


def _spelling(row: LossRow, kind: str) -> LossSpelling:
    found = spelling_of(row, "class" if kind == "class" else "function")
    assert isinstance(found, LossSpelling)
    return found


def _renamed(today: LossSpelling, target: LossSpelling) -> Mapping[str, str]:
    """What the labels and the prediction are called by the other loss."""
    if today.kind == "class":
        return {}
    return {
        today.labels_parameter: target.labels_parameter,
        today.predictions_parameter: target.predictions_parameter,
    }


def _write_partial(draft: Draft, node: cst.Call, row: LossRow | None, values: Mapping[str, Written]) -> None:
    """partial(keras.losses.categorical_crossentropy, from_logits=True)."""
    first = node.args[0].value if node.args else None
    symbol = draft.names.symbol(first) if first is not None else None
    today = knowledge.losses().symbol(symbol) if symbol is not None else None
    if first is None or today is None or (len(node.args) > 1 and node.args[1].keyword is None):
        raise Refused("what partial() is given is not written out")
    target = _spelling(row or today, "function")
    if row is not None:
        draft.named(first, today).become(row)
    call = draft.call(node, None)
    for arg in node.args[1:]:
        if arg.keyword is not None and arg.keyword.value not in target.signature.parameters:
            call.drop(arg.keyword.value)
    for parameter, value in values.items():
        if value in (None, False) or parameter not in target.signature.parameters:
            if call.given(parameter) is not None:
                call.drop(parameter)
        else:
            call.pass_value(parameter, value)
