"""Training code as users have it, with and without a mistake."""

from __future__ import annotations

import json

FLAWED = """\
from tensorflow import keras

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(10, activation="sigmoid")])
model.compile("adam", loss="categorical_crossentropy")
"""
"""MLL101 at 4:28: without labels in sight nobody but the author knows the way out."""

SOUND = FLAWED.replace("sigmoid", "softmax")

FIXABLE = """\
import numpy as np
from tensorflow import keras

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(10, activation="softmax")])
model.compile("adam", loss="categorical_crossentropy")
model.fit(np.zeros((100, 3)), np.random.randint(0, 10, 100))
"""
"""Integer labels with categorical_crossentropy: the fix is safe."""

FIXED = FIXABLE.replace("categorical", "sparse_categorical")


IN_TWO_FILES = {
    "factory.py": FLAWED.splitlines()[0]
    + """

def build():
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, activation="softmax")])
""",
    "train.py": """\
from factory import build
from tensorflow import keras
model = build()
model.compile("adam", loss="binary_crossentropy", metrics=[keras.metrics.AUC()])
""",
}
"""One unit of softmax: what is to be changed stands in factory.py:4, the loss in train.py:4."""


def notebook(*cells: str) -> str:
    """A notebook of code cells, as Jupyter writes it."""
    return (
        json.dumps(
            {
                "cells": [
                    {
                        "cell_type": "code",
                        "execution_count": None,
                        "id": f"cell-{number}",
                        "metadata": {},
                        "outputs": [],
                        "source": cell.splitlines(keepends=True),
                    }
                    for number, cell in enumerate(cells)
                ],
                "metadata": {"language_info": {"name": "python"}},
                "nbformat": 4,
                "nbformat_minor": 5,
            },
            indent=1,
        )
        + "\n"
    )
