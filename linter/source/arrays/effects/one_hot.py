"""Class ids, made columns of indicators."""

from __future__ import annotations

from dataclasses import replace

from mllint.source.arrays.array import Shape, Table, array
from mllint.source.arrays.calls import DataCall, Effect, whole_number
from mllint.source.program.values import Value


def _one_hot(call: DataCall) -> Value:
    source = call.array(0)
    width = whole_number(call.at(1))
    if call.at(1) is None and source is not None and source.classes is not None:
        width = source.classes.value
    for name, default in (("axis", -1), ("on_value", None), ("off_value", None)):
        if call.constant(name) not in (None, default):
            return call.missing("one-hot encoding along another axis, or with other values than 0 and 1")
    if source is not None and source.kind in ("one-hot", "multi-hot"):
        return array(call.node, reason="encoded as one-hot twice")
    axes: Shape = (..., width)
    if source is not None and source.rank is not None:
        drops_column = call.row.name == "keras.utils.to_categorical" and len(source.axes) > 1 and source.axes[-1] == 1
        axes = (*(source.axes[:-1] if drops_column else source.axes), width)
    made = array(call.node, "one-hot", axes, classes=width, low=0, high=1)
    return replace(made, sample=source.sample if source is not None else False)


def _identity_matrix(call: DataCall) -> Value:
    width = whole_number(call.at(1)) if call.at(1) is not None else whole_number(call.at(0))
    return array(call.node, "one-hot", (None, width), classes=width, low=0, high=1)


def _dummies(call: DataCall) -> Value:
    value = call.at(0)
    if isinstance(value, Table):
        return Table(call.node)
    source = call.array(0)
    plain = call.constant("drop_first") is False and call.named("columns") is None
    if source is None or source.rank != 1 or not plain or call.constant("dummy_na") is not False:
        return call.missing("get_dummies() of something that is not a single column")
    classes = source.classes.value if source.classes is not None else None
    return array(call.node, "one-hot", (None, classes), classes=classes, low=0, high=1)


EFFECTS: dict[str, Effect] = {
    "one_hot": _one_hot,
    "identity_matrix": _identity_matrix,
    "dummies": _dummies,
}
