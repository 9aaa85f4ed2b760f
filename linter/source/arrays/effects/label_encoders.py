"""Labels encoded by scikit-learn: LabelEncoder, LabelBinarizer, MultiLabelBinarizer, OneHotEncoder."""

from __future__ import annotations

from dataclasses import replace

from mllint.source.arrays.array import Array, array
from mllint.source.arrays.calls import DataCall, Effect, constant
from mllint.source.arrays.effects.distinct_values import classes_of
from mllint.source.arrays.elementwise import indicators, indices
from mllint.source.program.values import Constant, Made, Value


def _remember_classes(call: DataCall, classes: int | None, partial: bool) -> int | None:
    """What an encoder has seen in fit() is what transform() and classes_ go by; `partial` labels may lack some."""
    receiver = call.positional[0] if call.positional else None
    if not isinstance(receiver, Made):
        return classes
    if classes is not None:
        call.run.store.set((receiver.reference, "<classes>"), Constant(call.node, classes))
        return classes
    seen = call.run.store.get((receiver.reference, "<classes>")) if not partial else None
    return seen.value if isinstance(seen, Constant) and isinstance(seen.value, int) else None


def _class_ids(call: DataCall) -> Value:
    source = call.array(1)
    partial = source is not None and source.kind is not None and source.classes is None
    classes = _remember_classes(call, classes_of(source) if source is not None else None, partial)
    mixed = source is not None and source.mixed
    return replace(indices(call.node, classes, (None,)), mixed=mixed)


def _binarized(call: DataCall) -> Value:
    source = call.array(1)
    receiver = call.positional[0] if call.positional else None
    plain = isinstance(receiver, Made) and not receiver.arguments.keywords
    single = source is None or source.rank == 1
    classes = _remember_classes(call, classes_of(source) if source is not None and single else None, partial=False)
    return _binary_columns(call, classes) if plain and single else array(call.node, reason="labels of an unknown kind")


def _binary_columns(call: DataCall, classes: int | None) -> Array:
    if classes is None:
        return array(call.node, low=0, high=1, reason="one column for two classes, more for more")
    if classes == 2:
        return indicators(call.node, (None, 1))
    return array(call.node, "one-hot", (None, classes), classes=classes, low=0, high=1)


def _label_binarize(call: DataCall) -> Value:
    source = call.array(0)
    options = call.constant("classes")
    single = source is not None and source.rank == 1
    if not single or "neg_label" in call.keywords or "pos_label" in call.keywords:
        return array(call.node, reason="labels of an unknown kind")
    return _binary_columns(call, len(options) if isinstance(options, list) else None)


def _multi_hot(call: DataCall) -> Value:
    receiver = call.positional[0] if call.positional else None
    given = receiver.arguments.get("classes", 0) if isinstance(receiver, Made) else None
    options = constant(call.run, given) if given is not None else None
    classes = len(options) if isinstance(options, list) else None
    return array(call.node, "multi-hot", (None, classes), classes=classes, low=0, high=1)


def _encoded_columns(call: DataCall) -> Value:
    source = call.array(1)
    receiver = call.positional[0] if call.positional else None
    special = {"drop", "categories", "max_categories"}
    plain = isinstance(receiver, Made) and not special & set(receiver.arguments.keywords)
    if source is None or not plain or source.rank != 2 or source.axes[-1] != 1:
        return array(call.node, reason="columns encoded of something that is not a single column")
    classes = _remember_classes(call, classes_of(source), partial=False)
    return array(call.node, "one-hot", (None, classes), classes=classes, low=0, high=1)


EFFECTS: dict[str, Effect] = {
    "class_ids": _class_ids,
    "binarized": _binarized,
    "label_binarize": _label_binarize,
    "multi_hot": _multi_hot,
    "encoded_columns": _encoded_columns,
}
