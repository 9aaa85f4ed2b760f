"""What the rules say about recovered logits, held against the installed Keras."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import pytest

pytest.importorskip("tensorflow")
pytestmark = pytest.mark.tensorflow

CLASSES = 4
FRAMEWORK = f"keras{version('keras').split('.')[0]}"


def activation(keras: Any, tf: Any) -> list[Any]:
    return [keras.layers.Activation("softmax")]


def activation_of_tensorflow(keras: Any, tf: Any) -> list[Any]:
    return [keras.layers.Activation(tf.nn.softmax)]


def reshape(keras: Any, tf: Any) -> list[Any]:
    return [keras.layers.Activation("softmax"), keras.layers.Reshape((CLASSES,))]


def linear(keras: Any, tf: Any) -> list[Any]:
    return [keras.layers.Activation("softmax"), keras.layers.Activation("linear")]


def half(keras: Any, tf: Any) -> list[Any]:
    return [keras.layers.Activation("softmax", dtype="float16")]


CASES = [
    (activation, False, {}, ()),
    (activation, True, {}, ()),
    (activation_of_tensorflow, False, {"symbol": "tf.nn.softmax"}, ()),
    (activation_of_tensorflow, True, {"symbol": "tf.nn.softmax"}, ()),
    (reshape, False, {}, (("shape", "keras.layers.Reshape"),)),
    (linear, False, {}, (("identity", "keras.layers.Activation"),)),
    (half, False, {"dtype": "float16"}, ()),
]


@pytest.mark.parametrize(("layers", "eagerly", "facts", "after"), CASES)
def test_the_severity_tells_whether_keras_takes_the_logits_back(
    layers: Callable[[Any, Any], list[Any]],
    eagerly: bool,
    facts: dict[str, Any],
    after: tuple[Any, ...],
    output: Any,
    setup_of: Any,
    stage_of: Any,
    verdicts: Any,
) -> None:
    stages = [stage_of(*stage) for stage in after]
    made = output("softmax", CLASSES, "categorical_crossentropy", True, after=stages, **facts)
    (verdict,) = verdicts(setup_of(made, framework=FRAMEWORK, run_eagerly=eagerly))
    severity = "warning" if _trains_on_logits(layers, eagerly) else "error"
    assert verdict == ("activation-with-from-logits", severity)


def _trains_on_logits(layers: Callable[[Any, Any], list[Any]], eagerly: bool) -> bool:
    import numpy as np
    import tensorflow as tf

    keras: Any = tf.keras
    scores = np.random.default_rng(0).normal(size=(8, CLASSES)).astype("float32") * 3
    labels = np.eye(CLASSES, dtype="float32")[np.arange(8) % CLASSES]
    model = keras.Sequential([keras.layers.Activation("linear"), *layers(keras, tf)])
    model.compile("sgd", keras.losses.CategoricalCrossentropy(from_logits=True), run_eagerly=eagerly)
    trained = float(model.test_on_batch(scores, labels))

    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    once, twice = (
        float(-(labels * (z - np.log(np.exp(z).sum(axis=1, keepdims=True)))).sum(axis=1).mean())
        for z in (scores, shares)
    )
    assert min(abs(trained - once), abs(trained - twice)) < 0.02 < abs(once - twice)
    return abs(trained - once) < 0.02
