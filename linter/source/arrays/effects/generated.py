"""Data sets that scikit-learn generates: make_blobs() and the like."""

from __future__ import annotations

from dataclasses import replace

from mllint.source.arrays.array import Array, Shape, array
from mllint.source.arrays.calls import NOT_KNOWN, DataCall, Effect
from mllint.source.arrays.elementwise import indices
from mllint.source.program.values import Items, Value


def _pair(call: DataCall, inputs: Array, labels: Array) -> Value:
    return Items(call.node, (inputs, labels))


def _count(call: DataCall, name: str) -> int | None:
    given = call.constant(name)
    return given if isinstance(given, int) else None


def _make_classes(call: DataCall) -> Value:
    features = array(call.node, "continuous", (None, _count(call, "n_features")))
    return _pair(call, features, replace(indices(call.node, _count(call, "n_classes"), (None,)), mixed=True))


def _make_two_classes(call: DataCall) -> Value:
    return _pair(call, array(call.node, "continuous", (None, 2)), indices(call.node, 2, (None,)))


def _make_blobs(call: DataCall) -> Value:
    centers = call.constant("centers")
    classes = 3 if centers is None else centers if isinstance(centers, int) else None
    if call.constant("n_samples") is NOT_KNOWN or isinstance(centers, list):
        classes = len(centers) if isinstance(centers, list) else None
    features = array(call.node, "continuous", (None, _count(call, "n_features")))
    return _pair(call, features, replace(indices(call.node, classes, (None,)), mixed=True))


def _make_regression(call: DataCall) -> Value:
    targets = _count(call, "n_targets")
    axes: Shape = (...,) if targets is None else (None,) if targets == 1 else (None, targets)
    features = array(call.node, "continuous", (None, _count(call, "n_features")))
    return _pair(call, features, array(call.node, "continuous", axes))


def _make_multilabel(call: DataCall) -> Value:
    classes = _count(call, "n_classes")
    features = array(call.node, "continuous", (None, _count(call, "n_features")))
    if call.named("return_indicator") is not None:
        return call.missing("labels in another form than indicators")
    labels = array(call.node, "multi-hot", (None, classes), classes=classes, low=0, high=1)
    if call.named("return_distributions") is None:
        return _pair(call, features, labels)
    if call.constant("return_distributions") is not True:
        return call.missing("labels, perhaps with something else")
    return Items(call.node, (features, labels, call.missing("a distribution"), call.missing("a distribution")))


EFFECTS: dict[str, Effect] = {
    "make_classes": _make_classes,
    "make_two_classes": _make_two_classes,
    "make_blobs": _make_blobs,
    "make_regression": _make_regression,
    "make_multilabel": _make_multilabel,
}
