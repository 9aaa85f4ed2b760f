"""The probes on the backends of Keras 3 that are not TensorFlow, and on tf_keras: the same questions, other answers."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from typing import Any

import pytest

SCRIPT = """
import json, sys, warnings
import numpy as np

if sys.argv[1] == "tf_keras":
    import tf_keras as keras
else:
    import keras
from mllint.live.batches import Batch
from mllint.live.running import run
from mllint.live.study import study

warnings.simplefilter("ignore")
random = np.random.RandomState(0)
x = random.randn(32, 6).astype("float32")
y = random.randint(0, 5, 32)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
found = {}
for name, activation in (("linear", None), ("softmax", "softmax")):
    model = keras.Sequential([keras.layers.Dense(5, activation=activation)])
    model.build((None, 6))
    model.compile(optimizer="adam", loss=loss)
    before = [np.array(weight) for weight in model.get_weights()]
    measured = study(run(model, x), Batch(x, y, "test"), "model", {}, seconds=200).outputs[0].measured
    same = all(np.array_equal(one, other) for one, other in zip(before, model.get_weights()))
    found[name] = [measured.recovers, measured.elicitation.reached, measured.gradients.finite, same]
print(json.dumps(found))
"""


def measured_on(backend: str) -> Any:
    """[takes logits back, what free scores reach, gradients are finite, weights are as before], by activation."""
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, backend],
        env={**os.environ, "KERAS_BACKEND": backend} if backend != "tf_keras" else os.environ,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_nothing_is_taken_back_elsewhere(backend: str) -> None:
    found = measured_on(backend)
    assert found["linear"] == [False, "calibrated", True, True]
    assert found["softmax"] == [False, "decision-only", True, True]


def test_keras_2_takes_the_logits_back() -> None:
    found = measured_on("tf_keras")
    assert found["linear"] == [False, "calibrated", True, True]
    assert found["softmax"] == [True, "calibrated", True, True]
