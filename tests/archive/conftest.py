"""Real files, written by the Keras versions at hand, each once."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mllint.archive.lens import ArchiveLens, Stated
from mllint.archive.opening import read_contents
from mllint.lens import Reading

Save = Callable[[str, str, str], Path]

COMMITTED = Path(__file__).with_name("models")
"""Files that the Keras 2 inside TensorFlow 2.15 wrote; models/make.py is how."""


def keras_of(flavour: str) -> Any:
    if flavour == "tf_keras":
        return pytest.importorskip("tf_keras")
    return pytest.importorskip("keras")


@pytest.fixture(scope="session")
def save(tmp_path_factory: pytest.TempPathFactory) -> Save:
    """The path of a recipe, saved by one Keras in one format (".keras", ".h5", "" for a SavedModel)."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    directory = tmp_path_factory.mktemp("saved")
    models: dict[tuple[str, str], Any] = {}

    def saved(recipe: str, flavour: str, suffix: str) -> Path:
        path = directory / f"{recipe}-{flavour}{suffix}"
        if not path.exists():
            from tests.archive.recipes import RECIPES

            key = recipe, flavour
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if key not in models:
                    models[key] = RECIPES[recipe](keras_of(flavour))
                models[key].save(path)
        return path

    return saved


def read(path: Path, stated: Stated | None = None) -> Reading:
    return ArchiveLens(path.name, read_contents(path), stated or Stated()).read()


@pytest.fixture(scope="session")
def lens_reads() -> Callable[..., Reading]:
    return read
