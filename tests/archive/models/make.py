"""Writes the files beside it, with the Keras 2 that is inside TensorFlow: run it where tensorflow==2.15 is installed.

    python tests/archive/models/make.py

The environment of the tests has a newer TensorFlow; tf_keras is the same code under another name, and these files
show that the name makes no difference.
"""

from __future__ import annotations

import sys
from pathlib import Path

import tensorflow as tf

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from recipes import RECIPES  # noqa: E402

FILES = ("sequential.h5", "two_outputs.h5", "two_outputs.keras", "nested.h5", "scaled.h5", "half_precision.keras")


def main() -> None:
    assert tf.__version__.startswith("2.15"), tf.__version__
    for name in FILES:
        recipe = RECIPES[name.partition(".")[0]]
        recipe(tf.keras).save(HERE / name)


if __name__ == "__main__":
    main()
