"""Thresholds, argmax and rounding of predictions, and items of what evaluate() returns."""

from __future__ import annotations

import pytest

from mllint.fixes.refusal import Refused
from mllint.repairs import SetArgmax, SetItem, SetThreshold
from tests.fixes.rewriting import only_output, rewritten


def start(units: int) -> str:
    return (
        "import numpy as np\nimport tensorflow as tf\nfrom tensorflow import keras\n"
        f"model = keras.Sequential([keras.layers.Dense({units})])\nmodel.compile('adam', 'mse', metrics=['mae'])\n"
        "model.fit(x, y)\npred = model.predict(x)\n"
    )


def changed(line: str, units: int, change) -> str:
    def changes(reading):
        (decoding,) = only_output(reading).decodings
        return (change(decoding),)

    text = rewritten(f"{start(units)}{line}\n", changes)
    return text.removeprefix(start(units)).removesuffix("\n")


THRESHOLDS = [
    ("y = pred > 0.5", 3, "y = pred > 0"),
    ("y = (pred >= 0.5).astype(int)  # yes", 3, "y = (pred >= 0).astype(int)  # yes"),
    ("y = np.argmax(pred, axis=1)", 3, "y = (pred > 0).astype('int32')"),
    ("y = np.argmax(pred, axis=1)", 1, "y = (pred[:, 0] > 0).astype('int32')"),
    ("y = np.argmax(model.predict(x), axis=-1)", 3, "y = (model.predict(x) > 0).astype('int32')"),
    ("y = pred.argmax(axis=-1)", 3, "y = (pred > 0).astype('int32')"),
    ("y = pred.argmax(-1)", 1, "y = (pred[:, 0] > 0).astype('int32')"),
    ("y = tf.argmax(pred, axis=1)", 3, "y = tf.cast(pred > 0, 'int32')"),
    ("y = tf.argmax(pred, axis=1).numpy()", 1, "y = tf.cast(pred[:, 0] > 0, 'int32').numpy()"),
    ("y = np.round(pred)", 3, "y = (pred > 0).astype('int32')"),
    ("y = np.round(pred).astype(int)", 3, "y = (pred > 0).astype(int)"),
    ("y = pred.round()", 3, "y = (pred > 0).astype('int32')"),
    ("y = tf.math.round(pred)", 3, "y = tf.cast(pred > 0, 'int32')"),
    ("y = model.predict_classes(x, verbose=0)", 1, "y = (model.predict(x, verbose=0) > 0).astype('int32')"),
]


@pytest.mark.parametrize(("before", "units", "after"), THRESHOLDS)
def test_a_threshold(before, units, after):
    assert changed(before, units, lambda decoding: SetThreshold(decoding, 0)) == after


ARGMAX = [
    ("y = pred > 0.5", "y = np.argmax(pred, axis=-1)"),
    ("y = (model.predict(x) > 0.5).astype(int)", "y = np.argmax(model.predict(x), axis=-1).astype(int)"),
    ("y = np.round(pred)", "y = np.argmax(pred, axis=-1)"),
    ("y = tf.round(pred)", "y = tf.argmax(pred, axis=-1)"),
    ("y = np.argmax(pred, axis=0)", "y = np.argmax(pred, axis=-1)"),
    ("y = np.argmax(pred, 0)", "y = np.argmax(pred, -1)"),
    ("y = np.argmax(pred)", "y = np.argmax(pred, axis=-1)"),
    ("y = model.predict_classes(x)", "y = model.predict(x).argmax(axis=-1)"),
]


@pytest.mark.parametrize(("before", "after"), ARGMAX)
def test_an_argmax(before, after):
    assert changed(before, 3, lambda decoding: SetArgmax(decoding, -1)) == after


NO_ARGMAX = [
    ("y = pred[:, 1] > 0.5", "a part of the prediction"),
    ("y = pred < 0.5", "below"),
    ("y = np.where(pred > 0.5, 'yes', 'no')", "one way or the other"),
    ("y = 'yes' if pred[0] > 0.5 else 'no'", "one way or the other"),
]


@pytest.mark.parametrize(("line", "reason"), NO_ARGMAX)
def test_where_an_argmax_is_no_answer(line, reason):
    with pytest.raises(Refused, match=reason):
        changed(line, 2, lambda decoding: SetArgmax(decoding, -1))


def test_where_a_threshold_is_no_answer():
    with pytest.raises(Refused, match="picks"):
        changed("y = names[np.argmax(pred[0])]", 3, lambda decoding: SetThreshold(decoding, 0.5))


ITEMS = [
    ("score = model.evaluate(x, y)\nacc = score[0]  # hits", "score = model.evaluate(x, y)\nacc = score[1]  # hits"),
    ("s = model.evaluate(x, y)\na, acc = s[1], s[0]", "s = model.evaluate(x, y)\na, acc = s[1], s[1]"),
]


@pytest.mark.parametrize(("before", "after"), ITEMS)
def test_an_item(before, after):
    assert changed(before, 3, lambda decoding: SetItem(decoding, 1)) == after


def test_items_without_an_index_are_refused():
    with pytest.raises(Refused, match="without an index"):
        changed("acc, loss = model.evaluate(x, y)", 3, lambda decoding: SetItem(decoding, 1))
