"""Trains one head with one loss and prints how good its decisions are, next to the pairing that belongs to the labels.

    python benchmarks/harm/pairs.py --head linear --loss sparse_categorical_crossentropy --units 10 --labels integer

Needs TensorFlow. The task is made up: 20 Gaussian features, labels drawn from a known posterior, a hidden layer of 32
units, 12 epochs of Adam(0.01) with batches of 256, 4096 samples to train and 2000 to test. A figure near the right
pairing's says that the pair can work, not that it is robust; differences below 0.02 are noise.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

keras: Any = tf.keras
Array = np.ndarray[Any, np.dtype[Any]]

FEATURES, TRAIN, TEST = 20, 4096, 2000
RIGHT = {
    "binary": ("sigmoid", "binary_crossentropy"),
    "integer": ("softmax", "sparse_categorical_crossentropy"),
    "one-hot": ("softmax", "categorical_crossentropy"),
    "multi-hot": ("sigmoid", "binary_crossentropy"),
    "counts": ("exponential", "poisson"),
    "continuous": ("linear", "mean_squared_error"),
}


@dataclass(frozen=True)
class Task:
    """Features, labels as they are trained on, and what is true of them."""

    x: Array
    y: Array
    truth: Array


@dataclass(frozen=True)
class Trial:
    """A head and a loss to train."""

    head: str
    loss: str
    from_logits: bool
    before: str
    after: str


def make_task(labels: str, units: int, scale: float, seed: int) -> Task:
    """Labels drawn from a posterior that is known, so that the best possible model is too."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(TRAIN + TEST, FEATURES)).astype("float32")
    z = x @ random.normal(size=(FEATURES, units)) / np.sqrt(FEATURES)
    if labels == "binary":
        truth = (random.random((len(x), 1)) < sigmoid(6 * z[:, :1])).astype("float32")
        y = truth
    elif labels == "multi-hot":
        truth = y = (random.random(z.shape) < sigmoid(6 * z - 1.5)).astype("float32")
    elif labels in ("integer", "one-hot"):
        cumulated = softmax(5 * z).cumsum(axis=1)
        truth = (cumulated < random.random((len(x), 1))).sum(axis=1).clip(0, units - 1)
        y = truth if labels == "integer" else np.eye(units, dtype="float32")[truth]
    elif labels == "counts":
        truth = y = random.poisson(np.exp(0.7 * z + 0.5)).astype("float32")
    else:
        truth = y = (1.5 * z + 0.5 + 0.1 * random.normal(size=z.shape)).astype("float32")
    return Task(x * scale, y, truth)


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def softmax(z: Array) -> Array:
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def make_loss(trial: Trial) -> Any:
    functions: dict[str, Callable[..., Any]] = {
        "tf.nn.softmax_cross_entropy_with_logits": lambda y, z: tf.nn.softmax_cross_entropy_with_logits(y, z),
        "tf.nn.sigmoid_cross_entropy_with_logits": lambda y, z: tf.nn.sigmoid_cross_entropy_with_logits(y, z),
    }
    if trial.loss in functions:
        return functions[trial.loss]
    if trial.from_logits:
        name = "".join(word.capitalize() for word in trial.loss.split("_"))
        return getattr(keras.losses, name)(from_logits=True)
    return trial.loss


def make_model(trial: Trial, units: int) -> Any:
    return keras.Sequential(
        [
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(units),
            *make_stage(trial.before, units),
            keras.layers.Activation(tf.nn.log_softmax if trial.head == "log_softmax" else trial.head),
            *make_stage(trial.after, units),
        ]
    )


def make_stage(name: str, units: int) -> list[Any]:
    """The layers of a stage: none, reshape, batch-normalisation, dropout=0.5, times=2, or an activation."""
    layers = keras.layers
    kind, _, number = name.partition("=")
    if kind == "none":
        return []
    if kind == "reshape":
        return [layers.Reshape((units,))]
    if kind == "batch-normalisation":
        return [layers.BatchNormalization()]
    if kind == "dropout":
        return [layers.Dropout(float(number))]
    if kind == "times":
        return [layers.Rescaling(float(number))]
    return [layers.Activation(name)]


def threshold(trial: Trial) -> float:
    """Where this head's output turns from no to yes for someone who reads it as what it is."""
    if trial.head == "log_softmax":
        return float(np.log(0.5))
    reads_sign = trial.from_logits or "with_logits" in trial.loss or "hinge" in trial.loss
    return 0.0 if trial.head in ("linear", "relu", "tanh") and reads_sign else 0.5


def score(trial: Trial, labels: str, truth: Array, output: Array) -> float:
    """Accuracy of the decisions (per label for multi-hot ones), R2 for numbers; NaN where the output is."""
    if not np.isfinite(output).all():
        return float("nan")
    if labels in ("counts", "continuous"):
        return float(1 - ((truth - output) ** 2).sum() / ((truth - truth.mean(axis=0)) ** 2).sum())
    if labels in ("binary", "multi-hot"):
        return float(((output > threshold(trial)) == truth).mean())
    if output.shape[-1] == 1:
        return float((output[:, 0].round() == truth).mean())
    return float((output.argmax(axis=-1) == truth).mean())


def train(trial: Trial, task: Task, units: int, labels: str, seed: int) -> tuple[float, float, Array]:
    """The score of the decisions, the last training loss and the outputs for the test samples."""
    keras.utils.set_random_seed(seed)
    model = make_model(trial, units)
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=make_loss(trial))
    history = model.fit(task.x[:TRAIN], task.y[:TRAIN], batch_size=256, epochs=12, verbose=0)
    output = model.predict(task.x[TRAIN:], batch_size=1000, verbose=0)
    keras.backend.clear_session()
    return score(trial, labels, task.truth[TRAIN:], output), history.history["loss"][-1], output


def report(name: str, results: list[tuple[float, float, Array]]) -> str:
    scores = np.array([score for score, _, _ in results])
    losses = np.array([loss for _, loss, _ in results])
    low, high = min(output.min() for _, _, output in results), max(output.max() for _, _, output in results)
    return (
        f"{name:72} score {scores.mean():.3f} ({scores.min():.3f} to {scores.max():.3f})"
        f"  loss {losses.mean():.3f}  outputs {low:.3g} to {high:.3g}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--head", required=True, help="activation of the head: linear, softmax, sigmoid, relu, …")
    parser.add_argument("--loss", required=True, help="name of a Keras loss, or tf.nn.…_cross_entropy_with_logits")
    parser.add_argument("--from-logits", action="store_true")
    parser.add_argument("--units", type=int, default=10)
    parser.add_argument("--labels", required=True, choices=list(RIGHT))
    parser.add_argument("--before", default="none", help="between scores and activation: relu, dropout=0.5, …")
    parser.add_argument(
        "--after", default="none", help="after the activation: reshape, times=5, batch-normalisation, …"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="factor on the features; 30: not normalised")
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()

    asked = Trial(arguments.head, arguments.loss, arguments.from_logits, arguments.before, arguments.after)
    right = Trial(*RIGHT[arguments.labels], from_logits=False, before="none", after="none")
    print(f"Keras {version('keras')}, TensorFlow {tf.__version__}, {arguments.labels} labels, {arguments.seeds} seeds")
    for name, trial in (("asked", asked), ("right", right)):
        results = []
        for seed in range(arguments.seeds):
            task = make_task(arguments.labels, arguments.units, arguments.scale, seed)
            results.append(train(trial, task, arguments.units, arguments.labels, seed))
        parts = [trial.head, trial.loss, "from_logits" * trial.from_logits, trial.before, trial.after]
        words = " ".join(part for part in parts if part and part != "none")
        print(report(f"{name}: {words}", results))


if __name__ == "__main__":
    main()
