"""Prints the loss of one batch in fit and of its predictions, where Keras takes the logits back and where it does not.

    python benchmarks/harm/logits.py

Runs on the backend that KERAS_BACKEND names. The scores are given: 4 classes, 8 samples, drawn with a fixed seed.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

CLASSES, SAMPLES, FEATURES = 4, 8, 6
RANDOM = np.random.RandomState(0)
X = RANDOM.randn(SAMPLES, FEATURES).astype("float32")
IDS = RANDOM.randint(0, CLASSES, SAMPLES)
ROWS = np.eye(CLASSES, dtype="float32")[IDS]
KERNEL = (RANDOM.randn(FEATURES, CLASSES) * 2).astype("float32")

sparse, rows, binary = (
    keras.losses.SparseCategoricalCrossentropy,
    keras.losses.CategoricalCrossentropy,
    keras.losses.BinaryCrossentropy,
)


def dense(activation: Any = None, **arguments: Any) -> Any:
    return keras.layers.Dense(CLASSES, activation=activation, use_bias=False, **arguments)


Trial = tuple[str, Callable[[], list[Any]], Callable[[], Any], Any, bool]
TRIALS: list[Trial] = [
    ("no activation, from_logits=True", lambda: [dense()], lambda: sparse(from_logits=True), IDS, False),
    ("softmax", lambda: [dense("softmax")], sparse, IDS, False),
    ("softmax, from_logits=True", lambda: [dense("softmax")], lambda: sparse(from_logits=True), IDS, False),
    (
        "softmax, from_logits=True, behind a Reshape",
        lambda: [dense("softmax"), keras.layers.Reshape((CLASSES,))],
        lambda: sparse(from_logits=True),
        IDS,
        False,
    ),
    (
        "softmax in float16, from_logits=True",
        lambda: [dense("softmax", dtype="float16")],
        lambda: sparse(from_logits=True),
        IDS,
        False,
    ),
    ("softmax, run_eagerly, from_logits=True", lambda: [dense("softmax")], lambda: sparse(from_logits=True), IDS, True),
    ("softmax under a binary cross-entropy", lambda: [dense("softmax")], binary, ROWS, False),
    ("sigmoid under a categorical cross-entropy", lambda: [dense("sigmoid")], rows, ROWS, False),
    (
        "softmax, CategoricalFocalCrossentropy(from_logits=True)",
        lambda: [dense("softmax")],
        lambda: keras.losses.CategoricalFocalCrossentropy(from_logits=True, alpha=1.0, gamma=0.0),
        ROWS,
        False,
    ),
]


def tensorflow_trials() -> list[Trial]:
    """TensorFlow's own softmax, which keeps no logits but is found in the graph."""
    if keras.backend.backend() != "tensorflow":
        return []
    import tensorflow as tf

    def layers() -> list[Any]:
        return [dense(tf.nn.softmax)]

    def loss() -> Any:
        return sparse(from_logits=True)

    return [
        ("tf.nn.softmax, from_logits=True, in a graph", layers, loss, IDS, False),
        ("tf.nn.softmax, from_logits=True, run_eagerly", layers, loss, IDS, True),
    ]


def losses(layers: list[Any], loss: Any, labels: Any, run_eagerly: bool) -> tuple[float, float]:
    """What fit would show for the batch, and loss(y, model.predict(x))."""
    model = keras.Sequential([keras.Input((FEATURES,)), *layers])
    model.layers[0].set_weights([KERNEL])
    model.compile("sgd", loss, run_eagerly=run_eagerly)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        in_fit = model.evaluate(X, labels, batch_size=SAMPLES, verbose=0)
        outside = loss(labels, model.predict(X, verbose=0))
    return float(in_fit), float(outside)


def right() -> float:
    """The cross-entropy of one softmax on the scores."""
    scores = X @ KERNEL
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares = powers / powers.sum(axis=1, keepdims=True)
    return float(-np.log(shares[np.arange(SAMPLES), IDS]).mean())


def main() -> None:
    print(f"Keras {keras.__version__} on {keras.backend.backend()}; one softmax on the scores costs {right():.4f}")
    for name, layers, loss, labels, run_eagerly in (*TRIALS, *tensorflow_trials()):
        in_fit, outside = losses(layers(), loss(), labels, run_eagerly)
        print(f"{name:56} in fit {in_fit:8.4f}  loss(y, predict(x)) {outside:8.4f}", flush=True)


if __name__ == "__main__":
    main()
