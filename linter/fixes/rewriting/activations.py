"""An activation in the place of another: a string, a function, a layer of its own, or a function that is called."""

from __future__ import annotations

import libcst as cst

from mllint.facts import Stage
from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting import applying, sequences, stages, strings
from mllint.fixes.rewriting.draft import Draft
from mllint.fixes.text import TextEdit
from mllint.rules import knowledge

_LAYER = "keras.layers.Activation"


def rewrite(draft: Draft, stage: Stage, name: str) -> None:
    """Another activation where the program writes the one of today."""
    node = stages.written_at(draft, stage)
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        draft.replace_string(node, name)
    elif isinstance(node, cst.Name | cst.Attribute):
        draft.replace(node, _reference(draft, node, stage.symbol, name))
    elif isinstance(node, cst.Call) and stages.is_layer(draft, node):
        _rewrite_layer(draft, node, name)
    elif isinstance(node, cst.Call):
        _rewrite_call(draft, node, stage.symbol, name)
    else:
        raise Refused("the activation is put together when the program runs")


def sibling(symbol: str, name: str) -> str | None:
    """The activation `name` from the module that has `symbol`."""
    row = knowledge.activations().get(name)
    module = symbol.rpartition(".")[0]
    found = (one for one in row.symbols if one.rpartition(".")[0] == module) if row is not None else iter(())
    return next(found, None)


def _reference(draft: Draft, node: cst.Name | cst.Attribute, symbol: str, name: str) -> str:
    """A function that is handed over; a string where its module has no such function."""
    wanted = sibling(symbol, name)
    if wanted is None or draft.names.symbol(node) != symbol:
        return strings.literal(draft.program, draft.program.module, name)
    return draft.spell_beside(node, wanted)


# ---- layers --------------------------------------------------------------------------------------------------------


def _rewrite_layer(draft: Draft, node: cst.Call, name: str) -> None:
    """layers.Softmax() becomes layers.Activation("sigmoid"); its name stays."""
    wanted = sibling("keras.layers.Softmax", name) if name != "linear" else None
    wanted = wanted or _LAYER
    row = knowledge.layers().symbol(wanted)
    if row is None:
        raise Refused(f"{wanted} is not known")
    program = draft.program
    brackets = sequences.arguments_of(program, node)
    if "#" in program.text[brackets.open : brackets.close]:
        raise Refused("a comment stands among the arguments of the activation")
    arguments = [strings.literal(program, node, name)] if wanted == _LAYER else []
    arguments += [
        program.code(arg) for arg in node.args if arg.keyword is not None and arg.keyword.value in ("name", "dtype")
    ]
    callee = draft.spell_beside(node.func, wanted)
    code = f"{callee}({', '.join(arguments)})"
    draft.replace(node, code)


# ---- functions that are called -------------------------------------------------------------------------------------


def _rewrite_call(draft: Draft, node: cst.Call, symbol: str, name: str) -> None:
    """tf.nn.softmax(x) becomes tf.nn.sigmoid(x); the axis goes."""
    wanted = sibling(symbol, name) or f"keras.activations.{name}"
    program = draft.program
    inner = applying.argument_of(node)
    kept = [arg for arg in node.args[1:] if arg.keyword is not None and arg.keyword.value == "name"]
    brackets = sequences.arguments_of(program, node)
    if "#" in program.text[program.whole(inner)[1] : brackets.close]:
        raise Refused("a comment stands among the arguments of the activation")
    rest = "".join(f", {program.code(arg)}" for arg in kept)
    draft.edit(
        node,
        TextEdit(*program.whole(node.func), draft.spell_beside(node.func, wanted)),
        TextEdit(brackets.open, program.whole(inner)[0], ""),
        TextEdit(program.whole(inner)[1], brackets.close, rest),
    )


def leave_out(draft: Draft, node: cst.Call) -> None:
    """The scores in the place of an activation of them."""
    applying.inner_only(draft, node)
