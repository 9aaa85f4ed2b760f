"""What a program does to predictions without being seen to: argmaxes and metrics that belong to no output.

Where units that competed come to answer each for itself, the argmax of the labels, or of predictions that the lens
could not follow, has to change with them; a metric of a custom loop as well. What is not understood cannot be changed,
so the repair is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from mllint.facts import Known, Output
from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting.draft import Draft
from mllint.fixes.rewriting.reactivated import check_not_activated_again
from mllint.repairs import Change, SetActivation, SetLoss, SetThreshold
from mllint.rules import knowledge

COMPETING = frozenset({"categorical", "sparse", "divergence"})
"""Families of losses under which exactly one class is right."""
ARGMAX = ("argmax", "predict_classes")
READ_BY_FORM = frozenset({"thresholded", "argmax", "ranking"})
"""How metrics read predictions whose figures another kind of output changes."""


def check_nothing_is_left(draft: Draft, changes: Sequence[Change]) -> None:
    """Raises Refused where an argmax or a metric would go on reading what is not there any more."""
    if not any(isinstance(change, SetActivation | SetLoss | SetThreshold) for change in changes):
        return
    setups = draft.program.reading.setups
    outputs = [output for setup in setups for output in setup.outputs]
    if any(_makes_other_values(output, change) for output in outputs for change in changes):
        check_not_activated_again(draft, outputs)
    if not any(_frees_units(output, changes) for output in outputs):
        return
    decoded = {id(one.place.anchor) for output in outputs for one in output.decodings}
    for call in _argmaxes(draft):
        if id(call) not in decoded:
            raise Refused(f"{_line(draft, call)} takes an argmax of what may have to change with it: labels, perhaps")
    for setup in setups:
        compiled = draft.program.parent(setup.place.anchor)
        if isinstance(compiled, cst.Call) and _is_given(compiled, "weighted_metrics"):
            raise Refused(f"{_line(draft, compiled)} is given weighted_metrics, which would have to change with it")
    placed = {id(one.place.anchor) for output in outputs for one in output.metrics}
    for call in _metrics(draft):
        if id(call) not in placed:
            raise Refused(f"{_line(draft, call)} makes a metric that may be of this model and have to change with it")


def _frees_units(output: Output, changes: Sequence[Change]) -> bool:
    """Whether several units compete today and answer each for itself afterwards."""
    if isinstance(output.head.units, Known) and output.head.units.value == 1:
        return False
    return any(_frees(output, change) for change in changes)


def _frees(output: Output, change: Change) -> bool:
    if isinstance(change, SetThreshold):
        return change.decoding.kind in ARGMAX and change.decoding in output.decodings
    if isinstance(change, SetActivation):
        activation = output.head.activation
        row = knowledge.activations().get(activation.value) if isinstance(activation, Known) else None
        return change.head == output.head and change.activation == "sigmoid" and row is not None and row.distribution
    if isinstance(change, SetLoss) and change.loss == output.loss and isinstance(output.loss.name, Known):
        today, then = (knowledge.losses().get(name) for name in (output.loss.name.value, change.name))
        return today is not None and then is not None and today.family in COMPETING and then.family == "binary"
    return False


def _argmaxes(draft: Draft) -> Iterator[cst.Call]:
    """Calls of an argmax; of the epochs of a history it says nothing about predictions."""
    for node in _calls(draft):
        named = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
        is_argmax = isinstance(named, cst.Name) and named.value == "argmax"
        if is_argmax and "history" not in draft.program.code(node):
            yield node


def _metrics(draft: Draft) -> Iterator[cst.Call]:
    for node in _calls(draft):
        symbol = draft.names.symbol(node.func)
        row = knowledge.metrics().symbol(symbol) if symbol is not None else None
        if row is not None and row.reads in READ_BY_FORM and _is_class(symbol):
            yield node


def _is_given(call: cst.Call, parameter: str) -> bool:
    return any(arg.keyword is not None and arg.keyword.value == parameter for arg in call.args)


def _makes_other_values(output: Output, change: Change) -> bool:
    """Whether scores become probabilities, the other way round, or probabilities of another kind."""
    return (isinstance(change, SetActivation) and change.head == output.head) or _frees(output, change)


def _is_class(symbol: str | None) -> bool:
    return symbol is not None and symbol.rpartition(".")[2][:1].isupper()


def _calls(draft: Draft) -> Iterator[cst.Call]:
    return (node for node in draft.program.nodes() if isinstance(node, cst.Call))


def _line(draft: Draft, node: cst.CSTNode) -> str:
    at = draft.program.document.position_of(draft.program.span(node)[0])
    return f"line {at.line}" if at.cell is None else f"line {at.line} of cell {at.cell}"
