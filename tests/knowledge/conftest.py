"""The installed Keras 2 and Keras 3, to hold the tables against."""

from __future__ import annotations

import importlib
import inspect
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")


@dataclass(frozen=True)
class Installed:
    """One major version of Keras with the TensorFlow below it."""

    version: int
    keras: ModuleType
    namespaces: Mapping[str, tuple[Any, ...]] = field(repr=False)

    @property
    def root(self) -> Path:
        """The folder that holds the package `keras` or `tf_keras`."""
        return Path(str(self.keras.__file__)).parent

    def find(self, symbol: str) -> Any | None:
        """What a canonical symbol names here; None where there is no such thing."""
        return next(iter(self.all(symbol)), None)

    def all(self, symbol: str) -> list[Any]:
        """What a canonical symbol names in each of the namespaces it may be imported from."""
        first, _, rest = symbol.partition(".")
        found = (_walk(space, rest) for space in self.namespaces[first])
        return [thing for thing in found if thing is not None]

    def public(self, package: str) -> Iterator[tuple[str, Any]]:
        """The public classes and functions of keras.`package`."""
        for space in self.namespaces["keras"]:
            module = getattr(space, package)
            for name in dir(module):
                thing = getattr(module, name)
                if not name.startswith("_") and callable(thing) and not inspect.ismodule(thing):
                    yield name, thing


def _walk(thing: Any, path: str) -> Any | None:
    for name in path.split("."):
        thing = getattr(thing, name, None)
        if thing is None:
            return None
    return thing


def _import(name: str) -> ModuleType:
    module: ModuleType = pytest.importorskip(name, exc_type=ImportError)
    return module


def _keras2() -> Installed:
    tensorflow = _import("tensorflow")
    keras = _import("keras")
    if keras.__version__.startswith("3."):
        keras = _import("tf_keras")
    v1 = importlib.import_module(f"{keras.__name__}.api._v1.keras")
    return Installed(2, keras, {"keras": (keras, v1), "tf": (tensorflow, tensorflow.compat.v1)})


def _keras3() -> Installed:
    tensorflow = _import("tensorflow")
    keras = _import("keras")
    if not keras.__version__.startswith("3."):
        pytest.skip(f"the installed Keras is {keras.__version__}")
    below_tensorflow = importlib.import_module("keras._tf_keras.keras")
    return Installed(3, keras, {"keras": (keras, below_tensorflow), "tf": (tensorflow, tensorflow.compat.v1)})


@pytest.fixture(scope="session", params=[2, 3], ids=["keras2", "keras3"])
def installed(request: pytest.FixtureRequest) -> Installed:
    return {2: _keras2, 3: _keras3}[request.param]()
