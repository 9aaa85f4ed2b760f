"""Predictions that a program activates by itself: Sequential([model, Softmax()]), tf.nn.softmax(model.predict(x)).

No training setup speaks of them. Where the model comes to return something else, they would turn probabilities into
probabilities once more, or read scores of one kind as those of another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import libcst as cst

from mllint.facts import Known, Output
from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting.draft import Draft
from mllint.rules import knowledge

MODEL_METHODS = frozenset({"compile", "fit", "predict", "evaluate"})
PREDICTING = frozenset({"predict", "predict_on_batch"})
ELSEWHERE = frozenset({"scipy.special.softmax", "scipy.special.expit"})


def check_not_activated_again(draft: Draft, outputs: Sequence[Output]) -> None:
    """Raises Refused at an activation of predictions that belongs to no head."""
    placed = {id(node) for output in outputs for node in _anchors(output)}
    models = _models(draft)
    predicted = _predicted(draft, models)
    for call in (node for node in draft.program.nodes() if isinstance(node, cst.Call)):
        if id(call) not in placed and _activates(draft, call) and _is_of_prediction(draft, call, models, predicted):
            at = draft.program.document.position_of(draft.program.span(call)[0])
            cell = f" of cell {at.cell}" if at.cell is not None else ""
            raise Refused(f"line {at.line}{cell} activates predictions, which would have to change with it")


def _anchors(output: Output) -> Iterator[object]:
    for stage in output.head.stages:
        yield stage.place.anchor
        if isinstance(stage.activation, Known) and stage.activation.place is not None:
            yield stage.activation.place.anchor


def _activates(draft: Draft, call: cst.Call) -> bool:
    symbol = draft.names.symbol(call.func)
    if symbol == "keras.layers.Activation":
        given = call.args[0].value if call.args else None
        return isinstance(given, cst.SimpleString) and given.evaluated_value in ("softmax", "sigmoid")
    return symbol in _symbols()


def _symbols() -> frozenset[str]:
    rows = (knowledge.activations().get(name) for name in ("softmax", "sigmoid"))
    return ELSEWHERE | {symbol for row in rows if row is not None for symbol in row.symbols}


def _is_of_prediction(draft: Draft, call: cst.Call, models: Collection[str], predicted: Collection[str]) -> bool:
    """Whether a function is given predictions, or a layer stands behind a whole model."""
    above = draft.program.parent(call)
    if isinstance(above, cst.Element):
        listed = draft.program.parent(above)
        elements = listed.elements if isinstance(listed, cst.List | cst.Tuple) else ()
        return any(isinstance(one.value, cst.Name) and one.value.value in models for one in elements)
    given = above.args if isinstance(above, cst.Call) and above.func is call else call.args
    return any(_predicts(one.value, models, predicted) for one in given)


def _predicts(node: cst.CSTNode, models: Collection[str], predicted: Collection[str]) -> bool:
    """Whether predictions stand in an expression."""
    if isinstance(node, cst.Name):
        return node.value in predicted
    if isinstance(node, cst.Call):
        if isinstance(node.func, cst.Attribute) and node.func.attr.value in PREDICTING:
            return True
        if isinstance(node.func, cst.Name) and node.func.value in models:
            return True
    if isinstance(node, cst.Attribute) and isinstance(node.value, cst.Name) and node.value.value in models:
        return node.attr.value == "output"
    return any(_predicts(child, models, predicted) for child in node.children)


def _models(draft: Draft) -> frozenset[str]:
    """The names that the program uses as models."""
    calls = (node.func for node in draft.program.nodes() if isinstance(node, cst.Call))
    return frozenset(
        func.value.value
        for func in calls
        if isinstance(func, cst.Attribute) and func.attr.value in MODEL_METHODS and isinstance(func.value, cst.Name)
    )


def _predicted(draft: Draft, models: Collection[str]) -> frozenset[str]:
    """The names that predictions are given."""
    found: set[str] = set()
    for node in draft.program.nodes():
        if isinstance(node, cst.Assign) and _predicts(node.value, models, found):
            found |= {one.target.value for one in node.targets if isinstance(one.target, cst.Name)}
    return frozenset(found)
