"""The same data in another shape."""

from __future__ import annotations

from mllint.source.arrays.array import Array, Shape, shaped, unknown
from mllint.source.arrays.calls import DataCall, Effect, dimensions, whole_number
from mllint.source.program.values import Items, Value


def _reshape(call: DataCall) -> Value:
    source = call.array(0)
    if source is None:
        return call.missing("the shape of something that is not known")
    given = call.positional[1:]
    target = given[0] if len(given) == 1 else Items(call.node, given) if given else call.named("newshape")
    axes = dimensions(call.run, target)
    if axes is None or target is None:
        if source.kind in ("binary", "signed", "one-hot", "multi-hot", "distribution"):
            return unknown(source, call.node, "labels in a shape that is not known")
        return shaped(source, (...,), call.node)
    return _in_shape(source, axes, call)


def _in_shape(source: Array, axes: Shape, call: DataCall) -> Value:
    if len(axes) <= 1:
        if source.kind in ("one-hot", "multi-hot") and source.last_axis != 1:
            return unknown(source, call.node, "indicator columns put behind each other", axes)
        return shaped(source, axes, call.node)
    if source.kind in ("one-hot", "multi-hot", "distribution") and axes[-1] != source.last_axis:
        return unknown(source, call.node, "indicator columns in another shape", axes)
    one_column = source.kind == "binary" and len(axes) == 2 and axes[-1] != 1
    if one_column:
        return unknown(source, call.node, "a column folded into several", axes)
    return shaped(source, axes, call.node)


def _expand_dims(call: DataCall) -> Value:
    source, axis = call.array(0), whole_number(call.at(1))
    if source is None:
        return call.missing("the shape of something that is not known")
    if axis is None or source.rank is None:
        return shaped(source, (...,), call.node)
    axes = list(source.axes)
    axes.insert(axis if axis >= 0 else len(axes) + 1 + axis, 1)
    return shaped(source, tuple(axes), call.node)


def _squeeze(call: DataCall) -> Value:
    source = call.array(0)
    if source is None:
        return call.missing("the shape of something that is not known")
    axes = source.axes
    if ... in axes:
        return shaped(source, (...,), call.node)
    axis = call.constant("axis")
    if isinstance(axis, int) and -len(axes) <= axis < len(axes):
        left = list(axes)
        del left[axis]
        return shaped(source, tuple(left), call.node)
    if axis is None and None not in axes[1:]:
        return shaped(source, (*axes[:1], *(one for one in axes[1:] if one != 1)), call.node)
    return shaped(source, (...,), call.node)


def _ravel(call: DataCall) -> Value:
    source = call.array(0)
    if source is None:
        return call.missing("the shape of something that is not known")
    return _in_shape(source, (None,), call)


EFFECTS: dict[str, Effect] = {
    "reshape": _reshape,
    "expand_dims": _expand_dims,
    "squeeze": _squeeze,
    "ravel": _ravel,
}
