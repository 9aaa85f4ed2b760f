"""Trains on labels in a form that the loss or the head cannot use, and on the same labels as they should be.

    python benchmarks/harm/labels.py

Needs TensorFlow. Data and model are those of pairs.py; 3 seeds. The figure is the accuracy of the decisions, R2 for
numbers, and the share of right labels where several apply to a sample.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from pairs import TRAIN, Array, make_task

keras: Any = tf.keras
SEEDS = 3


@dataclass(frozen=True)
class Trial:
    """One way to train for a task of pairs.py, and how the answers are read."""

    name: str
    labels: str
    classes: int
    units: int
    activation: str
    loss: Any
    prepare: Callable[[Array], Array]
    decide: Callable[[Array], Array]


def argmax(output: Array) -> Array:
    return output.argmax(axis=-1)


def above_half(output: Array) -> Array:
    return (output > 0.5).astype("float32")


def rounded(output: Array) -> Array:
    return output.round()[:, 0]


def as_it_is(values: Array) -> Array:
    return values


SPARSE, ROWS, BINARY = "sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy"
TRIALS = [
    Trial("class numbers", "integer", 10, 10, "softmax", SPARSE, as_it_is, argmax),
    Trial("class numbers / 255", "integer", 10, 10, "softmax", SPARSE, lambda y: y / 255, argmax),
    Trial("class numbers / 9", "integer", 10, 10, "softmax", SPARSE, lambda y: y / 9, argmax),
    Trial("3 classes, one unit each", "integer", 3, 3, "softmax", SPARSE, as_it_is, argmax),
    Trial(
        "class numbers 0 to 2 on one sigmoid", "integer", 3, 1, "sigmoid", BINARY, as_it_is, lambda p: p.round()[:, 0]
    ),
    Trial("20 units for 10 classes", "integer", 10, 20, "softmax", SPARSE, as_it_is, argmax),
    Trial("labels 0 and 1", "binary", 1, 1, "sigmoid", BINARY, as_it_is, above_half),
    Trial("labels -1 and 1", "binary", 1, 1, "sigmoid", BINARY, lambda y: 2 * y - 1, above_half),
    Trial("labels 0 and 255", "binary", 1, 1, "sigmoid", BINARY, lambda y: 255 * y, above_half),
    Trial("labels 0 and 1, divided by 255", "binary", 1, 1, "sigmoid", BINARY, lambda y: y / 255, above_half),
    Trial("multi-hot labels, sigmoid", "multi-hot", 10, 10, "sigmoid", BINARY, as_it_is, above_half),
    Trial("multi-hot labels, softmax", "multi-hot", 10, 10, "softmax", ROWS, as_it_is, above_half),
    Trial("one-hot labels, softmax", "one-hot", 10, 10, "softmax", ROWS, as_it_is, argmax),
    Trial("one-hot labels, sigmoid", "one-hot", 10, 10, "sigmoid", BINARY, as_it_is, argmax),
    Trial("numbers, linear head", "continuous", 1, 1, "linear", "mse", as_it_is, as_it_is),
    Trial("numbers, relu head", "continuous", 1, 1, "relu", "mse", as_it_is, as_it_is),
    Trial("numbers, tanh head", "continuous", 1, 1, "tanh", "mse", as_it_is, as_it_is),
    Trial("numbers, sigmoid head", "continuous", 1, 1, "sigmoid", "mse", as_it_is, as_it_is),
    Trial("numbers, sigmoid head, binary cross-entropy", "continuous", 1, 1, "sigmoid", BINARY, as_it_is, as_it_is),
    Trial("10 numbers, 10 units", "continuous", 10, 10, "linear", "mse", as_it_is, as_it_is),
    Trial("10 numbers, 1 unit", "continuous", 10, 1, "linear", "mse", as_it_is, lambda p: np.repeat(p, 10, axis=1)),
    Trial("1 number, 10 units", "continuous", 1, 10, "linear", "mse", as_it_is, lambda p: p[:, :1]),
]


def score(trial: Trial, truth: Array, output: Array) -> float:
    answer = trial.decide(output)
    if trial.labels == "continuous":
        return float(1 - ((truth - answer) ** 2).sum() / ((truth - truth.mean(axis=0)) ** 2).sum())
    return float((answer == truth).mean())


def train(trial: Trial, seed: int) -> tuple[float, float]:
    """The score and the last training loss."""
    task = make_task(trial.labels, trial.classes, 1.0, seed)
    keras.utils.set_random_seed(seed)
    layers = [keras.layers.Dense(32, activation="relu"), keras.layers.Dense(trial.units, activation=trial.activation)]
    model = keras.Sequential(layers)
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=trial.loss)
    y = trial.prepare(task.y)
    history = model.fit(task.x[:TRAIN], y[:TRAIN], batch_size=256, epochs=12, verbose=0)
    output = model.predict(task.x[TRAIN:], batch_size=1000, verbose=0)
    keras.backend.clear_session()
    return score(trial, task.truth[TRAIN:], output), history.history["loss"][-1]


def main() -> None:
    print(f"Keras {keras.__version__}, TensorFlow {tf.__version__}, {SEEDS} seeds")
    for trial in TRIALS:
        results = np.array([train(trial, seed) for seed in range(SEEDS)])
        scores, losses = results[:, 0], results[:, 1]
        spread = f"{scores.mean():.3f} ({scores.min():.3f} to {scores.max():.3f})"
        print(f"{trial.name:45} score {spread}  loss {losses.mean():.3f}", flush=True)


if __name__ == "__main__":
    main()
