"""Trains right pairings, and prints what a metric or a decoding says of them next to what is true.

    python benchmarks/harm/metrics.py

Needs TensorFlow. Data are made up as in pairs.py, with noisier labels; every model is trained as it should be, so only
the figure is wrong. 3 seeds, their mean.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from pairs import FEATURES, TEST, TRAIN, Array, sigmoid, softmax

keras: Any = tf.keras
SEEDS = 3
Figures = dict[str, tuple[float, float]]
"""What is printed: by name, the figure that is read and the true one."""


def data(seed: int, units: int) -> tuple[Array, Array]:
    random = np.random.default_rng(seed)
    x = random.normal(size=(TRAIN + TEST, FEATURES)).astype("float32")
    return x, x @ random.normal(size=(FEATURES, units)) / np.sqrt(FEATURES)


def train(seed: int, units: int, activation: str, loss: Any, x: Array, y: Array, metrics: Any = ()) -> Any:
    keras.utils.set_random_seed(seed)
    layers = [keras.layers.Dense(32, activation="relu"), keras.layers.Dense(units, activation=activation)]
    model = keras.Sequential(layers)
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=loss, metrics=list(metrics))
    model.fit(x[:TRAIN], y[:TRAIN], batch_size=256, epochs=8, verbose=0)
    return model


def read(model: Any, x: Array, y: Array) -> tuple[dict[str, float], Array]:
    """The metrics as evaluate() reports them, and the outputs."""
    figures = model.evaluate(x[TRAIN:], y[TRAIN:], batch_size=1000, verbose=0, return_dict=True)
    return figures, model.predict(x[TRAIN:], batch_size=1000, verbose=0)


def on_logits(seed: int) -> Figures:
    x, z = data(seed, 1)
    y = (np.random.default_rng(seed).random(z.shape) < sigmoid(1.5 * z - 1)).astype("float32")
    metrics = ["accuracy", keras.metrics.Recall(name="recall"), keras.metrics.AUC(name="auc")]
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    figures, output = read(train(seed, 1, "linear", loss, x, y, metrics), x, y)
    truth = y[TRAIN:]
    auc = keras.metrics.AUC(from_logits=True)
    auc.update_state(truth, output)
    yes = output > 0
    return {
        "'accuracy' of logits": (figures["accuracy"], float((yes == truth).mean())),
        "Recall() of logits": (figures["recall"], float(yes[truth == 1].mean())),
        "AUC() of logits": (figures["auc"], float(auc.result())),
        "predictions > 0.5 on logits, accuracy": (
            float(((output > 0.5) == truth).mean()),
            float((yes == truth).mean()),
        ),
    }


def multi_label(seed: int) -> Figures:
    x, z = data(seed, 10)
    y = (np.random.default_rng(seed).random(z.shape) < sigmoid(6 * z - 1.5)).astype("float32")
    metrics = ["accuracy", keras.metrics.F1Score(average="macro", name="f1")]
    figures, output = read(train(seed, 10, "sigmoid", "binary_crossentropy", x, y, metrics), x, y)
    truth = y[TRAIN:]
    f1 = keras.metrics.F1Score(average="macro", threshold=0.5)
    f1.update_state(truth, output)
    best = np.eye(10)[output.argmax(axis=-1)] == 1
    return {
        "'accuracy' of 10 labels, against the share of right labels": (
            figures["accuracy"],
            float(((output > 0.5) == truth).mean()),
        ),
        "the same, against the share of samples with all labels right": (
            figures["accuracy"],
            float(((output > 0.5) == truth).all(axis=-1).mean()),
        ),
        "F1Score() of 10 labels": (figures["f1"], float(f1.result())),
        "argmax of 10 labels, recall": (float(best[truth == 1].mean()), float((output > 0.5)[truth == 1].mean())),
    }


def classes(seed: int) -> Figures:
    x, z = data(seed, 10)
    cumulated = softmax(3 * z).cumsum(axis=1)
    y = (cumulated < np.random.default_rng(seed).random((len(x), 1))).sum(axis=1, keepdims=True).clip(0, 9)
    metrics = [keras.metrics.CategoricalAccuracy(name="categorical"), keras.metrics.MeanSquaredError(name="mse")]
    model = train(seed, 10, "softmax", "sparse_categorical_crossentropy", x, y, metrics)
    figures, output = read(model, x, y)
    right = float((output.argmax(axis=-1) == y[TRAIN:, 0]).mean())
    iou = keras.metrics.MeanIoU(num_classes=10)
    iou.update_state(np.eye(10)[y[TRAIN:, 0]], output)
    true_iou = keras.metrics.MeanIoU(num_classes=10)
    true_iou.update_state(y[TRAIN:, 0], output.argmax(axis=-1))
    return {
        "CategoricalAccuracy() of class numbers": (figures["categorical"], right),
        "'mse' of class numbers, against the mean squared error of one-hot rows": (
            figures["mse"],
            float(((output - np.eye(10)[y[TRAIN:, 0]]) ** 2).mean()),
        ),
        "MeanIoU() of probabilities": (float(iou.result()), float(true_iou.result())),
        "softmax > 0.5, share of samples with a class": (float((output > 0.5).any(axis=-1).mean()), 1.0),
    }


def two_classes(seed: int) -> Figures:
    x, z = data(seed, 1)
    y = (np.random.default_rng(seed).random(z.shape) < sigmoid(1.5 * z - 1)).astype("float32")
    rows = np.eye(2, dtype="float32")[y[:, 0].astype(int)]
    metrics = [
        keras.metrics.Precision(name="precision"),
        keras.metrics.Precision(class_id=1, name="precision_1"),
        keras.metrics.Accuracy(name="exact"),
        keras.metrics.TopKCategoricalAccuracy(name="top"),
    ]
    figures, output = read(train(seed, 2, "softmax", "categorical_crossentropy", x, rows, metrics), x, rows)
    accuracy = float((output.argmax(axis=-1) == y[TRAIN:, 0]).mean())
    metrics = [keras.metrics.F1Score(name="f1"), keras.metrics.CategoricalAccuracy(name="categorical")]
    model = train(seed, 1, "sigmoid", "binary_crossentropy", x, y, metrics)
    one, answer = read(model, x, y)
    f1 = keras.metrics.F1Score(threshold=0.5)
    f1.update_state(y[TRAIN:], answer)
    binary = float(((answer > 0.5) == y[TRAIN:]).mean())
    return {
        "Precision() of two softmax columns, against class 1": (figures["precision"], figures["precision_1"]),
        "the same, against the accuracy": (figures["precision"], accuracy),
        "keras.metrics.Accuracy(), against 'accuracy'": (figures["exact"], accuracy),
        "TopKCategoricalAccuracy() of two classes": (figures["top"], accuracy),
        "F1Score() of 1 unit": (float(np.ravel(one["f1"])[0]), float(np.ravel(f1.result())[0])),
        "CategoricalAccuracy() of 1 unit": (one["categorical"], binary),
        "argmax of 1 unit, accuracy": (float((answer.argmax(axis=-1) == y[TRAIN:, 0]).mean()), binary),
    }


def others(seed: int) -> Figures:
    x, z = data(seed, 1)
    signed = np.sign(z + 0.3 * np.random.default_rng(seed).normal(size=z.shape)).astype("float32")
    figures, output = read(train(seed, 1, "tanh", "hinge", x, signed, ["accuracy"]), x, signed)
    price = (3 * z + 5).astype("float32")
    regression, number = read(train(seed, 1, "linear", "mse", x, price, ["accuracy"]), x, price)
    truth = price[TRAIN:]
    r2 = 1 - ((truth - number) ** 2).sum() / ((truth - truth.mean()) ** 2).sum()
    return {
        "'accuracy' of labels -1 and 1": (
            figures["accuracy"],
            float((np.sign(output) == signed[TRAIN:]).mean()),
        ),
        "'accuracy' of a regression, next to its R2": (regression["accuracy"], float(r2)),
    }


def main() -> None:
    print(f"Keras {keras.__version__}, TensorFlow {tf.__version__}, {SEEDS} seeds")
    trials: tuple[Callable[[int], Figures], ...] = (on_logits, multi_label, classes, two_classes, others)
    for trial in trials:
        runs = [trial(seed) for seed in range(SEEDS)]
        for name in runs[0]:
            shown, true = (np.mean([run[name][side] for run in runs]) for side in (0, 1))
            print(f"{name:75} reads {shown:6.3f}  true {true:6.3f}", flush=True)


if __name__ == "__main__":
    main()
