"""Single arguments of calls, callbacks that watch something else, and two arguments that change places."""

from __future__ import annotations

import libcst as cst

from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting.calls import CallDraft
from mllint.fixes.rewriting.draft import Draft
from mllint.repairs import SetArgument, SetMonitor, SwapArguments
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import Signature


def set_argument(draft: Draft, change: SetArgument) -> None:
    call = _call(draft, draft.program.anchor(change.call))
    if change.value is None:
        call.drop(change.parameter)
    else:
        call.pass_value(change.parameter, change.value)


def _call(draft: Draft, node: cst.CSTNode) -> CallDraft:
    """The call at a place, or the call whose callee is at it."""
    above = draft.program.parent(node)
    if isinstance(above, cst.Call) and above.func is node:
        node = above
    if not isinstance(node, cst.Call):
        raise Refused("it is no call that arguments can be passed to")
    symbol = draft.names.symbol(node.func)
    return draft.call(node, signature_of(symbol) if symbol is not None else None)


def signature_of(symbol: str) -> Signature | None:
    """The parameters of what a canonical name names, if the tables of knowledge have them."""
    for spelled in (knowledge.losses().symbol(symbol), knowledge.metrics().symbol(symbol)):
        spelling = spelled.spelling(symbol) if spelled is not None else None
        if spelling is not None:
            return spelling.signature
    for row in (
        knowledge.layers().symbol(symbol),
        knowledge.applications().symbol(symbol),
        knowledge.data_functions().symbol(symbol),
    ):
        if row is not None:
            return row.signature
    return None


def set_monitor(draft: Draft, change: SetMonitor) -> None:
    monitor = change.monitor
    call = _call(draft, draft.program.anchor(monitor.place))
    by_position = [arg for arg in call.node.args if arg.keyword is None and _reads(arg.value, monitor.name)]
    if by_position:
        if change.name != monitor.name:
            draft.replace_string(by_position[0].value, change.name)
    elif change.name != monitor.name:
        call.pass_value("monitor", change.name)
    if change.mode is not None:
        call.pass_value("mode", change.mode)


def _reads(node: cst.BaseExpression, text: str) -> bool:
    return isinstance(node, cst.SimpleString) and node.evaluated_value == text


def swap_arguments(draft: Draft, change: SwapArguments) -> None:
    labels, prediction = (draft.program.anchor(place) for place in (change.swap.labels, change.swap.prediction))
    first, second = draft.program.parent(labels), draft.program.parent(prediction)
    if not isinstance(first, cst.Arg) or not isinstance(second, cst.Arg):
        raise Refused("what the loss compares is not written as an argument")
    if draft.program.parent(first) is not draft.program.parent(second):
        raise Refused("the arguments of the loss are not written in one call")
    draft.replace(labels, draft.program.code(prediction))
    draft.replace(prediction, draft.program.code(labels))
