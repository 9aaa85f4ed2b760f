"""Prints loss and gradient of a confident mistake, by the precision of the head.

    python benchmarks/harm/half_precision.py

Needs TensorFlow. The scores are given, so the right loss and gradient are known.
"""

from __future__ import annotations

import os
from importlib.metadata import version
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

keras: Any = tf.keras

DTYPES = ("float32", "float16", "bfloat16")
MISTAKES = {
    "softmax, right class 5 below the winner": ("softmax", [[0.0, 5.0, 0.0]], [0], 5.0),
    "softmax, right class 12 below the winner": ("softmax", [[0.0, 12.0, 0.0]], [0], 12.0),
    "softmax, right class 17 below the winner": ("softmax", [[0.0, 17.0, 0.0]], [0], 17.0),
    "sigmoid, score 8 and label 0": ("sigmoid", [[8.0]], [[0.0]], 8.0),
}
LOSSES = {"softmax": "sparse_categorical_crossentropy", "sigmoid": "binary_crossentropy"}


def loss_and_gradient(activation: str, scores: list[list[float]], labels: Any, dtype: str) -> tuple[float, float]:
    """The loss, and the largest entry of its gradient with respect to the scores."""
    model = keras.Sequential([keras.layers.Activation(activation, dtype=dtype)])
    model.compile(optimizer="sgd", loss=LOSSES[activation])
    z = tf.Variable(scores)
    with tf.GradientTape() as tape:
        output = model(z, training=True)
        loss = model.compute_loss(x=z, y=tf.constant(labels), y_pred=output)
    gradient = np.asarray(tape.gradient(loss, z))
    return float(loss), float(np.max(np.abs(gradient)))


def main() -> None:
    print(f"Keras {version('keras')}, TensorFlow {tf.__version__}")
    for name, (activation, scores, labels, right) in MISTAKES.items():
        for dtype in DTYPES:
            loss, gradient = loss_and_gradient(activation, scores, labels, dtype)
            print(f"{name:42} {dtype:9} loss {loss:8.4f} (right: {right:g})  gradient {gradient:.3g} (right: 1)")


if __name__ == "__main__":
    main()
