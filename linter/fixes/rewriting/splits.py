"""The parts of a data set: what is done to the labels for training is done to those for testing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting.draft import Draft
from mllint.fixes.text import TextEdit
from mllint.rules import knowledge

_PARTS = re.compile(r"train(?:ing)?|tests?|valid(?:ation)?|val|dev|eval|holdout|[_\d]", re.IGNORECASE)
_TRAINING = re.compile(r"train", re.IGNORECASE)


def alike(draft: Draft, call: cst.Call) -> list[cst.Call]:
    """The calls of the same function on the other parts of the same data, and the call itself."""
    stem = _stem(draft, call)
    symbol = draft.names.symbol(call.func)
    found = [one for one in _calls(draft) if draft.names.symbol(one.func) == symbol and _stem(draft, one) == stem]
    return found if stem is not None else [call]


def made_alike(draft: Draft, node: cst.BaseExpression) -> list[cst.BaseExpression]:
    """The expressions that make the other parts of the same labels, and the one that makes these.

    Raises Refused where the others are made in another way.
    """
    name = _assigned(draft, node)
    if name is None or not _TRAINING.search(name):
        return [node]
    others = [one for one in _statements(draft) if _is_other_part(one, name)]
    found: list[cst.BaseExpression] = [node]
    for statement in others:
        if not _like(draft, statement.value, node):
            raise Refused("the labels for testing are made in another way than those for training")
        found.append(statement.value)
    return found


def divided_alike(draft: Draft, division: cst.BinaryOperation) -> list[cst.BinaryOperation]:
    """The divisions of the other parts of the same labels, and this one: y_test / 10 beside y_train / 10."""
    name = _assigned(draft, division)
    found = [division]
    for statement in _statements(draft) if name is not None else ():
        value = statement.value
        if _is_other_part(statement, name or "") and isinstance(value, cst.BinaryOperation):
            same = type(value.operator) is type(division.operator)
            if same and draft.program.code(value.right) == draft.program.code(division.right):
                found.append(value)
    return found


def _statements(draft: Draft) -> Iterator[cst.Assign]:
    for node in draft.program.nodes():
        if isinstance(node, cst.Assign) and len(node.targets) == 1:
            yield node


def _is_other_part(statement: cst.Assign, name: str) -> bool:
    target = statement.targets[0].target
    return isinstance(target, cst.Name) and target.value != name and _bare(target.value) == _bare(name)


def _like(draft: Draft, other: cst.BaseExpression, node: cst.BaseExpression) -> bool:
    if not isinstance(other, cst.Call) or not isinstance(node, cst.Call):
        return False
    return draft.program.code(other.func) == draft.program.code(node.func)


def is_taken_apart(draft: Draft, loader: cst.Call) -> bool:
    """Whether a call returns inputs and labels: x, y = load()."""
    statement = draft.program.parent(loader)
    symbol = draft.names.symbol(loader.func)
    loads = symbol is not None and knowledge.datasets().symbol(symbol) is not None
    return loads or (isinstance(statement, cst.Assign) and isinstance(statement.targets[0].target, cst.Tuple))


def encode_loaded(draft: Draft, loader: cst.Call, opening: str, closing: str) -> None:
    """Behind (x, y), (xt, yt) = load_data(): y = encode(y) and yt = encode(yt)."""
    program = draft.program
    statement = program.parent(loader)
    line = program.parent(statement) if isinstance(statement, cst.Assign) else None
    if not isinstance(statement, cst.Assign) or not isinstance(line, cst.SimpleStatementLine):
        raise Refused("the data set is loaded in the middle of an expression")
    end = program.line_end(program.span(line)[1])
    margin = program.newline + program.indent(program.span(line)[0])
    lines = [f"{margin}{name} = {opening}{name}{closing}" for name in _labels_loaded(statement)]
    draft.edit(loader, TextEdit(end, end, "".join(lines)))


def _labels_loaded(statement: cst.Assign) -> list[str]:
    target = statement.targets[0].target
    pairs = [element.value for element in target.elements] if isinstance(target, cst.Tuple) else []
    if len(pairs) == 2 and isinstance(target, cst.Tuple) and all(isinstance(one, cst.Name) for one in pairs):
        pairs = [target]
    names = [pair.elements[1].value for pair in pairs if isinstance(pair, cst.Tuple) and len(pair.elements) == 2]
    found = [name.value for name in names if isinstance(name, cst.Name)]
    if not found or len(found) != len(pairs):
        raise Refused("the labels of the data set are not taken apart where it is loaded")
    return [name for name in found if name != "_"]


# ---- names ---------------------------------------------------------------------------------------------------------


def _calls(draft: Draft) -> Iterator[cst.Call]:
    return (node for node in draft.program.nodes() if isinstance(node, cst.Call))


def _stem(draft: Draft, call: cst.Call) -> str | None:
    """What a call works on, whatever part of it: y for y_train and y_test."""
    first = call.args[0].value if call.args else None
    name = _assigned(draft, call) or (first.value if isinstance(first, cst.Name) else None)
    return _bare(name) if name is not None else None


def _bare(name: str) -> str:
    return _PARTS.sub("", name).lower()


def _assigned(draft: Draft, node: cst.CSTNode) -> str | None:
    """The one name that an expression is assigned to."""
    statement = draft.program.parent(node)
    if not isinstance(statement, cst.Assign) or len(statement.targets) != 1:
        return None
    target = statement.targets[0].target
    return target.value if isinstance(target, cst.Name) else None
