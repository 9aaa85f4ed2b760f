"""The activation, the units and the dtype of a head, written where the program writes them."""

from __future__ import annotations

import libcst as cst

from mllint.facts import Head, Known, Stage
from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting import activations, stages
from mllint.fixes.rewriting.draft import Draft
from mllint.repairs import SetActivation, SetDtype, SetUnits
from mllint.rules import knowledge

# ---- activation ----------------------------------------------------------------------------------------------------


def set_activation(draft: Draft, change: SetActivation) -> None:
    """Raises Refused where a later step of the head would change what the activation makes."""
    head, name = change.head, change.activation
    found = stages.activations_of(head)
    if name == "linear":
        if not found and not isinstance(head.activation, Known):
            raise Refused(f"the activation of today is not known: {head.activation.reason}")
        for stage in found:
            _make_linear(draft, head, stage)
        return
    stage = found[-1] if found else stages.scores_of(head)
    stages.check_reaches_output(head, stage, name)
    if not found or _is_default(draft, head, stage):
        _write_in_layer(draft, head, name)
    else:
        activations.rewrite(draft, stage, name)


def _is_default(draft: Draft, head: Head, stage: Stage) -> bool:
    """Whether nobody wrote the activation: it is that of an LSTM, or of a model of keras.applications."""
    scores = [one for one in head.stages if one.role == "scores"]
    return any(stages.written_at(draft, stage) is one.place.anchor for one in scores)


def _write_in_layer(draft: Draft, head: Head, name: str) -> None:
    call, _, parameter = stages.layer_call(draft, stages.scores_of(head))
    if parameter is None:
        raise Refused("the layer that makes the scores takes no activation")
    call.pass_value(parameter, name)


def _make_linear(draft: Draft, head: Head, stage: Stage) -> None:
    if _is_default(draft, head, stage):
        _write_in_layer(draft, head, "linear")
        return
    node = draft.program.anchor(stage.place)
    if not isinstance(node, cst.Call):
        if not stages.drop_activation(draft, head, node):
            activations.rewrite(draft, stage, "linear")
        return
    stages.check_is_always_taken(draft, node)
    if not stages.is_layer(draft, node):
        activations.leave_out(draft, node)
    elif not stages.drop_activation(draft, head, node):
        _leave_out_layer(draft, node, stage)


def _leave_out_layer(draft: Draft, layer: cst.Call, stage: Stage) -> None:
    """An activation layer goes, unless its name or the name of its result is needed: then it does nothing."""
    named = any(arg.keyword is not None and arg.keyword.value == "name" for arg in layer.args)
    if named or _result_is_named(draft, layer):
        activations.rewrite(draft, stage, "linear")
        return
    try:
        stages.leave_out(draft, layer)
    except Refused:
        activations.rewrite(draft, stage, "linear")


def _result_is_named(draft: Draft, layer: cst.Call) -> bool:
    """Whether the layer turns one named tensor into another: outputs = Activation("softmax")(x)."""
    applied = draft.program.parent(layer)
    if not isinstance(applied, cst.Call) or applied.func is not layer or not applied.args:
        return False
    given, statement = applied.args[0].value, draft.program.parent(applied)
    if not isinstance(given, cst.Name) or not isinstance(statement, cst.Assign):
        return False
    return any(draft.program.code(one.target) != given.value for one in statement.targets)


# ---- units and dtype -----------------------------------------------------------------------------------------------


def set_units(draft: Draft, change: SetUnits) -> None:
    """A number that the program uses elsewhere too is left as it is there."""
    scores = stages.scores_of(change.head)
    call, parameter, _ = stages.layer_call(draft, scores)
    if parameter is None or call.given(parameter) is None:
        raise Refused("the layer that makes the scores has no number of units of its own")
    call.pass_value(parameter, change.units)


def set_dtype(draft: Draft, change: SetDtype) -> None:
    """The last layer of the head is told its dtype."""
    layers = [stage for stage in change.head.stages if _has_layer(draft, stage)]
    if not layers:
        raise Refused("the last layer is not seen")
    stage = layers[-1]
    node = draft.program.anchor(stage.place)
    assert isinstance(node, cst.Call)
    symbol = draft.names.symbol(node.func)
    row = knowledge.layers().symbol(symbol) if symbol is not None else None
    draft.call(node, row.signature if row is not None else None).pass_value("dtype", change.dtype)


def _has_layer(draft: Draft, stage: Stage) -> bool:
    if not stages.is_layer(draft, stage.place.anchor):
        return False
    fact = stage.activation
    written = fact.place.anchor if isinstance(fact, Known) and fact.place is not None else None
    return stage.role != "activation" or written is not stage.place.anchor or _makes_own_layer(draft, stage)


def _makes_own_layer(draft: Draft, stage: Stage) -> bool:
    """Whether the layer of an activation stands by itself, and is not handed to another as its activation."""
    above = draft.program.parent(stage.place.anchor)
    return not (isinstance(above, cst.Arg) and above.keyword is not None and above.keyword.value == "activation")
