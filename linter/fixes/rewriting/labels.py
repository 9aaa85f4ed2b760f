"""Labels in another encoding, where the program encodes them in sight."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import libcst as cst

from mllint.facts import Encoding, Known, Labels
from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting import applying, directories, dummies, signs, splits
from mllint.fixes.rewriting.draft import Draft
from mllint.repairs import SetLabels
from mllint.rules import knowledge

Rewriter = Callable[[Draft, SetLabels], None]


def set_labels(draft: Draft, change: SetLabels) -> None:
    """Raises Refused where what encodes the labels is not in sight, or holds too little for the new encoding."""
    labels = change.labels
    if labels.divided_by is not None:
        _undivided(draft, labels)
        return
    if not isinstance(labels.encoding, Known):
        raise Refused(f"how the labels are encoded is not known: {labels.encoding.reason}")
    today: Encoding = labels.encoding.value
    if today == change.encoding or {today, change.encoding} == {"integer", "binary"}:
        return
    loader = directories.loader_of(draft, draft.program.anchor(labels.place))
    if loader is not None:
        directories.set_mode(draft, loader, change)
        return
    rewrite = _REWRITERS.get((today, change.encoding))
    if rewrite is None:
        raise Refused(f"only the author knows how {today} labels become {change.encoding}")
    rewrite(draft, change)


# ---- one-hot and back ----------------------------------------------------------------------------------------------


def _plain(draft: Draft, change: SetLabels) -> None:
    """to_categorical(y) becomes y."""
    node = draft.program.anchor(change.labels.place)
    if dummies.is_identity_matrix(draft, node):
        dummies.pick_numbers(draft, node)
        return
    if not isinstance(node, cst.Call) or _effect(draft, node) != "one_hot":
        raise Refused("what makes the labels one-hot is not a call that can be left out")
    for call in splits.alike(draft, node):
        applying.inner_only(draft, call)


def _one_hot(draft: Draft, change: SetLabels) -> None:
    """y becomes to_categorical(y, classes)."""
    node = draft.program.anchor(change.labels.place)
    if not isinstance(node, cst.Call | cst.Subscript | cst.Attribute | cst.BinaryOperation | cst.List):
        raise Refused("where the labels are made is not an expression that can be wrapped")
    classes = change.classes or _value(change.labels)
    opening = f"{draft.spell('keras.utils.to_categorical', node)}("
    closing = f", {classes})" if classes is not None else ")"
    if isinstance(node, cst.Call) and splits.is_taken_apart(draft, node):
        splits.encode_loaded(draft, node, opening, closing)
        return
    for one in splits.made_alike(draft, node):
        draft.put_around(one, opening, closing)


def _value(labels: Labels) -> int | None:
    return labels.classes.value if isinstance(labels.classes, Known) else None


def _effect(draft: Draft, call: cst.Call) -> str | None:
    symbol = draft.names.symbol(call.func)
    row = knowledge.data_functions().symbol(symbol) if symbol is not None else None
    return row.effect if row is not None else None


# ---- class numbers that were divided -------------------------------------------------------------------------------


def _undivided(draft: Draft, labels: Labels) -> None:
    """y / 10 becomes y; the statement y /= 10 goes."""
    assert labels.divided_by is not None
    node = draft.program.anchor(labels.divided_by.place)
    if isinstance(node, cst.AugAssign) and isinstance(node.operator, cst.DivideAssign):
        draft.remove_statement(node)
    elif isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Divide):
        for division in splits.divided_alike(draft, node):
            applying.inner_of(draft, division, division.left)
    else:
        raise Refused("how the labels are divided is not understood")


_REWRITERS: Mapping[tuple[Encoding, Encoding], Rewriter] = {
    ("one-hot", "integer"): _plain,
    ("one-hot", "binary"): _plain,
    ("integer", "one-hot"): _one_hot,
    ("binary", "one-hot"): _one_hot,
    ("multi-hot", "one-hot"): dummies.to_one_hot,
    ("multi-hot", "integer"): dummies.to_numbers,
    ("integer", "multi-hot"): dummies.to_multi_hot,
    ("one-hot", "multi-hot"): dummies.to_multi_hot,
    ("signed", "binary"): signs.to_zero_and_one,
}
