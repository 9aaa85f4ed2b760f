"""Keras 3 on JAX and PyTorch: each where it is installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from mllint.facts import Known

pytestmark = pytest.mark.tensorflow

BACKENDS = pytest.mark.parametrize("backend", ["jax", "torch"])

TRAIN = """
import numpy as np

def make():
    import keras
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
    model.compile("adam", keras.losses.CategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return model

def own():
    import keras

    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.scores = keras.layers.Dense(3, activation="softmax")

        def call(self, x):
            return self.scores(x)

    model = Own()
    model.compile("adam", "categorical_crossentropy")
    return model

def multi_hot():
    return np.random.normal(size=(64, 4)), np.tile([[1, 1, 0], [0, 0, 1]], (32, 1))
"""


@BACKENDS
def test_a_model_is_run_on_another_backend(module, ask, backend):
    pytest.importorskip(backend)
    module("train", TRAIN)
    reading, _ = ask("train:make", data="train:multi_hot", backend=backend)
    (setup,) = reading.setups
    (output,) = setup.outputs
    assert output.head.activation == Known("softmax", output.head.activation.place)
    assert output.head.dtype.value == "float32"
    losses = output.measured.losses
    assert losses.training == pytest.approx(losses.of_predictions, rel=1e-5)  # no logits are taken back here


@BACKENDS
def test_a_head_that_only_a_graph_would_show_is_unknown(module, ask, backend):
    pytest.importorskip(backend)
    module("train", TRAIN)
    reading, _ = ask("train:own", data="train:multi_hot", backend=backend)
    assert f"runs on {backend}" in reading.setups[0].outputs[0].head.activation.reason


TRAINING = """
import json, sys, warnings
import numpy as np, keras, mllint

x = np.random.default_rng(1).normal(size=(96, 4)).astype("float32")
y = (np.random.default_rng(2).random((96, 3)) > 0.5).astype("float32")

def trained(callbacks):
    keras.utils.set_random_seed(3)
    layers = [keras.layers.Dense(8), keras.layers.Dropout(0.3), keras.layers.Dense(3, activation="softmax")]
    model = keras.Sequential([keras.Input((4,)), *layers])
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        history = model.fit(x, y, verbose=0, epochs=2, callbacks=callbacks).history
    said = [str(one.message) for one in caught if "MLL" in str(one.message) or "mllint" in str(one.message)]
    return history, [weights.tolist() for weights in model.get_weights()], said

history, weights, _ = trained([])
checked_history, checked_weights, said = trained([mllint.HeadCheck()])
json.dump([history == checked_history, weights == checked_weights, said], sys.stdout)
"""


@BACKENDS
def test_the_callback_checks_and_the_training_is_the_same_to_the_bit(backend):
    pytest.importorskip(backend)
    environment = {**os.environ, "KERAS_BACKEND": backend}
    done = subprocess.run(
        [sys.executable, "-c", TRAINING], capture_output=True, text=True, env=environment, timeout=300
    )
    assert done.returncode == 0, done.stderr
    same_history, same_weights, said = json.loads(done.stdout)
    assert (same_history, same_weights) == (True, True)
    assert len(said) == 1 and said[0].startswith("error[MLL401] softmax-with-multi-hot-labels")
