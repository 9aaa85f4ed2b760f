"""Labels that reach the loss otherwise than fit is given them: changed by the program, or left out."""

from __future__ import annotations

import pytest

from mllint import engine
from mllint.settings import Settings

PROGRAM = """
import keras
import numpy as np
import tensorflow as tf

x = np.random.rand(100, 20)
y = np.random.randint(1, 4, 100)
{}
model.fit(x, y)
"""
HEAD = "model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(3, activation='softmax')])\n"
OWN = """
class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.head = keras.layers.Dense(3, activation="softmax")
    def call(self, x):
        return self.head(x)
"""
COMPILED = "model = Own()\nmodel.compile(loss='sparse_categorical_crossentropy')"


def rules_of(lines: str) -> list[str]:
    report = engine.lint_source(PROGRAM.format(lines).encode(), "train.py", Settings(follow_imports=False))
    assert not report.errors
    return [finding.rule for finding in report.findings]


@pytest.mark.parametrize(
    "lines",
    [
        HEAD + "model.compile(loss='sparse_categorical_crossentropy')",
        HEAD + "model.compile(loss=keras.losses.SparseCategoricalCrossentropy())",
        "def loss(t, p):\n    return tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(t, p))\n"
        + HEAD
        + "model.compile(loss=loss)",
        OWN + COMPILED,
    ],
)
def test_labels_are_compared_as_they_are(lines: str) -> None:
    assert rules_of(lines) == ["units-fewer-than-classes"]


@pytest.mark.parametrize(
    "lines",
    [
        HEAD + "model.compile(loss=lambda t, p: keras.losses.sparse_categorical_crossentropy(t - 1, p))",
        "def loss(t, p):\n    t = t - 1\n"
        "    return tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(t, p))\n"
        + HEAD
        + "model.compile(loss=loss)",
        HEAD + "model.compile(loss=keras.losses.SparseCategoricalCrossentropy(ignore_class=3))",
        "def loss(t, p):\n    return keras.losses.sparse_categorical_crossentropy(t, p, ignore_class=3)\n"
        + HEAD
        + "model.compile(loss=loss)",
        OWN
        + "    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):\n"
        + "        return super().compute_loss(x, y - 1, y_pred, sample_weight)\n"
        + COMPILED,
    ],
)
def test_labels_that_are_changed_before_they_are_compared_are_not_known(lines: str) -> None:
    assert rules_of(lines) == []
