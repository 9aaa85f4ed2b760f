"""The steps of a head in the program: where they are made, and how one is left out."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from mllint.facts import Head, Known, Stage
from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting import applying
from mllint.fixes.rewriting.calls import CallDraft
from mllint.fixes.rewriting.draft import Draft
from mllint.repairs import RemoveStage
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import Signature

KEEPS_VALUES = ("shape", "cast", "identity", "dropout")

# ---- the steps -----------------------------------------------------------------------------------------------------


def activations_of(head: Head) -> tuple[Stage, ...]:
    """The activation steps after the layer that makes the scores, in order of execution."""
    stages = head.stages[_scores_index(head) + 1 :]
    return tuple(stage for stage in stages if stage.role == "activation")


def scores_of(head: Head) -> Stage:
    """The step that makes the scores. Raises Refused where it is out of sight."""
    index = _scores_index(head)
    if index < 0:
        raise Refused("the layer that makes the scores is not seen")
    return head.stages[index]


def _scores_index(head: Head) -> int:
    return max((index for index, stage in enumerate(head.stages) if stage.role == "scores"), default=-1)


def check_reaches_output(head: Head, stage: Stage, activation: str) -> None:
    """Raises Refused where a later step keeps an activation at `stage` from being that of the head."""
    row = knowledge.activations().get(activation)
    for later in head.stages[head.stages.index(stage) + 1 :]:
        name = later.symbol.rpartition(".")[2]
        if later.role not in KEEPS_VALUES:
            raise Refused(f"{name} follows the place of the activation")
        if row is not None and row.distribution and later.role == "shape":
            raise Refused(f"{name} changes the shape behind the place of the activation")


def written_at(draft: Draft, stage: Stage) -> cst.CSTNode:
    """The node where the activation was written."""
    fact = stage.activation
    place = fact.place if isinstance(fact, Known) and fact.place is not None else stage.place
    return draft.program.anchor(place)


# ---- the layers ----------------------------------------------------------------------------------------------------

_APPLICATION_PARAMETERS = ("classes", "classifier_activation")
"""What keras.applications call the units and the activation of their last layer."""


def layer_call(draft: Draft, stage: Stage) -> tuple[CallDraft, str | None, str | None]:
    """The call that makes a layer, and its parameters for units and activation.

    Raises Refused where the layer is not made by a call of Keras itself.
    """
    node = draft.program.anchor(stage.place)
    symbol = draft.names.symbol(node.func) if isinstance(node, cst.Call) else None
    if isinstance(node, cst.Call) and symbol is not None:
        layer = knowledge.layers().symbol(symbol)
        if layer is not None:
            return draft.call(node, layer.signature), layer.units, layer.activation
        model = knowledge.applications().symbol(symbol)
        if model is not None:
            units, activation = (_known(one, model.signature) for one in _APPLICATION_PARAMETERS)
            return draft.call(node, model.signature), units, activation
    raise Refused(f"where {stage.symbol.rpartition('.')[2]} is made is not a call of Keras itself")


def _known(parameter: str, signature: Signature) -> str | None:
    return parameter if parameter in signature.parameters else None


def is_layer(draft: Draft, node: cst.CSTNode) -> bool:
    """Whether a node is a call that makes a layer of Keras."""
    symbol = draft.names.symbol(node.func) if isinstance(node, cst.Call) else None
    return symbol is not None and (knowledge.layers().symbol(symbol) is not None or symbol.startswith("keras.layers."))


# ---- leaving one out -----------------------------------------------------------------------------------------------


def remove_stage(draft: Draft, change: RemoveStage) -> None:
    stage = change.stage
    node = draft.program.anchor(stage.place)
    if stage.role == "activation" and not isinstance(node, cst.Call):
        _drop_argument(draft, change.head, node)
        return
    check_is_always_taken(draft, node)
    if isinstance(node, cst.Call) and is_layer(draft, node):
        leave_out(draft, node)
    elif isinstance(node, cst.Call):
        applying.inner_only(draft, node)
    elif isinstance(node, cst.BinaryOperation):
        applying.without_number(draft, node)
    elif isinstance(node, cst.AugAssign):
        draft.remove_statement(node)
    else:
        raise Refused(f"{stage.symbol.rpartition('.')[2]} is no call that can be left out")


def _drop_argument(draft: Draft, head: Head, node: cst.CSTNode) -> None:
    if not drop_activation(draft, head, node):
        raise Refused("the activation is written in another place than its layer")


def drop_activation(draft: Draft, head: Head, node: cst.CSTNode) -> bool:
    """Take the activation out of the layer's call, if that is where it is written."""
    call, _, parameter = layer_call(draft, scores_of(head))
    given = call.given(parameter) if parameter is not None else None
    if parameter is None or given is None or given.value is not node:
        return False
    call.drop(parameter)
    return True


def check_is_always_taken(draft: Draft, node: cst.CSTNode) -> None:
    """Raises Refused where a function decides by its own arguments whether it takes the step: its callers chose."""
    tests: list[cst.BaseExpression] = []
    for above in draft.program.ancestors(node):
        if isinstance(above, cst.If | cst.IfExp):
            tests.append(above.test)
        if isinstance(above, cst.FunctionDef):
            parameters = {one.name.value for one in (*above.params.params, *above.params.kwonly_params)}
            asked = next((name for test in tests for name in names_in(test) if name in parameters - {"self"}), None)
            if asked is not None:
                raise Refused(f"the program takes this step or not by the argument {asked}, which its callers chose")
            return


def names_in(node: cst.CSTNode) -> Iterator[str]:
    """Every name in an expression."""
    if isinstance(node, cst.Name):
        yield node.value
    for child in node.children:
        yield from names_in(child)


def leave_out(draft: Draft, layer: cst.Call) -> None:
    """Take a layer out of the model. Raises Refused where it is not clear what goes with it."""
    program = draft.program
    above = program.parent(layer)
    if isinstance(above, cst.Call) and above.func is layer:
        applying.inner_only(draft, above)
        return
    if isinstance(above, cst.Element):
        owner = program.parent(above)
        if isinstance(owner, cst.List | cst.Tuple):
            draft.remove_item(owner, owner.elements.index(above))
            return
    caller = program.parent(above) if isinstance(above, cst.Arg) else None
    if isinstance(caller, cst.Call):
        statement = program.parent(caller)
        method = caller.func.attr.value if isinstance(caller.func, cst.Attribute) else ""
        if method == "add" and len(caller.args) == 1 and isinstance(statement, cst.Expr):
            draft.remove_statement(statement)
            return
        if draft.names.symbol(caller.func) == "keras.layers.TimeDistributed":
            leave_out(draft, caller)
            return
    raise Refused("the layer is made in one place and used in another")
