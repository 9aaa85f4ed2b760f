"""What is done with a model's predictions, and what fit is given beside the labels."""

from __future__ import annotations

from typing import Any

import pytest

from mllint.facts import Known, TrainingSetup
from mllint.source.lens import SourceLens
from mllint.source.text.document import read_document

PROGRAM = """
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras.callbacks import EarlyStopping, ModelCheckpoint, ReduceLROnPlateau
x, y = read()
model = keras.Sequential([keras.layers.Dense(1)])
model.compile("adam", "mse", metrics=["mae"])
{rest}
"""


def setup_of(rest: str) -> TrainingSetup:
    (setup,) = SourceLens(read_document("train.py", PROGRAM.format(rest=rest).encode())).read().setups
    return setup


def value(fact: Any) -> Any:
    return fact.value if isinstance(fact, Known) else None


@pytest.mark.parametrize(
    ("code", "kind", "axis", "threshold", "index"),
    [
        ("np.argmax(model.predict(x), axis=1)", "argmax", 1, None, None),
        ("model.predict(x).argmax(axis=-1)", "argmax", -1, None, None),
        ("tf.argmax(model.predict(x), 1)", "argmax", 1, None, None),
        ("p = model.predict(x)\nnp.argmax(p)", "argmax", None, None, None),
        ("p = model.predict(x)\nnp.argmax(p[0])", "argmax", -1, None, None),
        ("(model.predict(x) > 0.5).astype(int)", "threshold", None, 0.5, None),
        ("p = model.predict(x)\nnp.where(p >= 0.3, 1, 0)", "threshold", None, 0.3, None),
        ("p = model.predict(x).flatten()\nq = p > 0.5", "threshold", None, 0.5, None),
        ("np.round(model.predict(x))", "round", None, None, None),
        ("model.predict_classes(x)", "predict_classes", None, None, None),
        ("accuracy = model.evaluate(x, y)[0]", "evaluate", None, None, 0),
        ("test_acc, loss = model.evaluate(x, y)", "evaluate", None, None, 0),
        ("loss, test_acc = model.evaluate(x, y)", "evaluate", None, None, 1),
    ],
)
def test_decodings_of_predictions(
    code: str, kind: str, axis: int | None, threshold: float | None, index: int | None
) -> None:
    (found,) = setup_of("model.fit(x, y)\n" + code).outputs[0].decodings
    read = (found.kind, value(found.axis), value(found.threshold), value(found.index))
    assert read == (kind, axis, threshold, index)


@pytest.mark.parametrize(
    "code",
    [
        "np.argmax(read(), axis=1)",
        "np.argmax(y, axis=1)",
        "np.round(model.predict(x), 2)",
        "p = model.predict(x)\nnp.argmax(p[:, 0])",
        "p = model.predict(x)\nif len(p[0]) > 1:\n    q = np.argmax(p, axis=1)",
        "loss, mae = model.evaluate(x, y)",
        "other = keras.models.load_model('m')\nnp.argmax(other.predict(x), axis=1)",
    ],
)
def test_what_is_no_decoding_of_this_model(code: str) -> None:
    assert setup_of("model.fit(x, y)\n" + code).outputs[0].decodings == ()


@pytest.mark.parametrize(
    ("given", "validated"),
    [
        ("", False),
        ("validation_split=0.2", True),
        ("validation_split=0.0", False),
        ("validation_data=(x, y)", True),
        ("validation_data=None", False),
        ("validation_data=read()", None),
        ("**options()", None),
    ],
)
def test_whether_a_fit_is_validated(given: str, validated: bool | None) -> None:
    (fit,) = setup_of(f"model.fit(x, y, {given})").fits
    assert value(fit.validated) is validated


def test_callbacks_that_watch_a_name() -> None:
    (fit,) = setup_of(
        "stop = EarlyStopping('val_acc', mode='max')\n"
        "kept = ModelCheckpoint('best.keras', monitor='val_mae', save_best_only=True)\n"
        "every = ModelCheckpoint('all.keras', monitor='val_mae')\n"
        "model.fit(x, y, callbacks=[stop, kept, every, ReduceLROnPlateau(), keras.callbacks.TensorBoard()])"
    ).fits
    assert [(one.callback, one.name, value(one.mode)) for one in fit.monitors] == [
        ("keras.callbacks.EarlyStopping", "val_acc", "max"),
        ("keras.callbacks.ModelCheckpoint", "val_mae", "auto"),
        ("keras.callbacks.ReduceLROnPlateau", "val_loss", "auto"),
    ]


@pytest.mark.parametrize(
    ("given", "keys"),
    [("class_weight={0: 1.0, 1: 2.0}", (0, 1)), ("class_weight=read()", None)],
)
def test_the_keys_of_class_weights(given: str, keys: tuple[int, ...] | None) -> None:
    (fit,) = setup_of(f"model.fit(x, y, {given})").fits
    assert fit.class_weight is not None
    assert value(fit.class_weight) == keys


def test_no_class_weights() -> None:
    assert setup_of("model.fit(x, y)").fits[0].class_weight is None
