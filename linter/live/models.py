"""Every form in which a model is given, as a live one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mllint.archive.contents import Contents, UnreadableModel
from mllint.archive.lens import ArchiveLens
from mllint.archive.opening import read_contents
from mllint.live import user_code
from mllint.live.losses import remade
from mllint.live.refusals import Refused, Unavailable
from mllint.live.request import Request

CARRIERS: Final = frozenset({"Lambda", "TorchModuleWrapper"})
"""Layers whose configuration is a program."""
HARMLESS_SYMBOLS: Final = ("math.", "nn.", "linalg.", "__operators__.", "cast", "reshape", "concat", "expand_dims")
"""What TFOpLambda layers of Keras 2 may call; it could be any function of TensorFlow, tf.io.write_file among them."""


@dataclass(frozen=True, slots=True)
class Loaded:
    model: Any
    loss: Any | None = None
    """What it was compiled with, where Keras could not restore it and the file tells it: a loss, or one per output."""
    compile_state: str | None = None
    """Why what the model was compiled with could not be restored; None where it was, or there was nothing."""


Say = Callable[[str], None]


def load_model(request: Request, say: Say) -> Loaded:
    """The model that the request names; says what it is about to run. Raises Refused, and whatever user code raises."""
    for name in request.imports:
        say(f"importing {name}")
        user_code.import_module(name)
    if user_code.is_named(request.model) and not os.path.exists(request.model):
        return _from_factory(request.model, say)
    if os.path.isdir(request.model):
        return _from_directory(request, say)
    if not os.path.isfile(request.model):
        raise Refused("no such file, and not package.module:factory")
    return _from_file(request, say)


def _from_factory(name: str, say: Say) -> Loaded:
    say(f"running {name}")
    made = user_code.load(name)
    return Loaded(made() if _is_factory(made) else made)


def _is_factory(made: Any) -> bool:
    """A function or class, not a model, which can be called too."""
    return isinstance(made, type) or (callable(made) and not hasattr(made, "layers"))


# ---------------------------------------------------------------- files


def _from_file(request: Request, say: Say) -> Loaded:
    path = request.model
    if path.endswith(".weights.h5"):
        raise Refused("it holds weights and no model")
    stored = read_stored(path)
    code = list(carried_code([stored.model, stored.training]))
    if code and not request.allow_code:
        raise Refused(f"it carries code ({', '.join(code)}), which --allow-code runs")
    keras = keras_for(request.backend, stored.keras_version)
    mode = "with the code it carries" if request.allow_code else "in safe mode"
    say(f"loading {path} with {described(keras)} {mode}")
    return _loaded(keras, path, stored, safe=not request.allow_code)


def _loaded(keras: Any, path: str, stored: Contents, safe: bool) -> Loaded:
    """The model with what it was compiled with, as far as Keras restores it or the file tells it."""
    arguments = {} if path.endswith((".h5", ".hdf5")) and keras.__version__.startswith("2") else {"safe_mode": safe}
    try:
        return Loaded(keras.saving.load_model(path, **arguments))
    except Exception as error:
        first = error
    try:
        model = keras.saving.load_model(path, compile=False, **arguments)
    except Exception:
        raise Refused(f"it cannot be loaded: {_reason(first)}") from first
    loss = stored_loss(keras, path, stored)
    return Loaded(model, loss, " ".join(str(first).split()) if loss is None else None)


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())
    unknown = "custom object" in text or "Could not locate class" in text or "Unknown layer" in text
    hint = " (--import package.module registers custom objects)" if unknown else ""
    return f"{text[:300]}{hint}"


def _from_directory(request: Request, say: Say) -> Loaded:
    path = request.model
    if not os.path.exists(os.path.join(path, "saved_model.pb")):
        raise Refused("it is a directory without saved_model.pb")
    if not request.allow_code:
        raise Refused("it is a SavedModel, which is a program: --allow-code runs it")
    by_keras = os.path.exists(os.path.join(path, "keras_metadata.pb"))
    keras = keras_for(request.backend, "2" if by_keras else None)
    say(f"loading {path} with {described(keras)} and the code it carries")
    if keras.__version__.startswith("2"):
        return _loaded(keras, path, read_stored(path), safe=False)
    return Loaded(_as_layer(keras, path))


def _as_layer(keras: Any, path: str) -> Any:
    """A model around the signature of a SavedModel, which Keras 3 opens as a layer only."""
    import tensorflow as tf

    loaded = tf.saved_model.load(path)
    signatures = loaded.signatures
    endpoint = "serving_default" if "serving_default" in signatures else next(iter(signatures), None)
    if endpoint is None:
        raise Refused("it has no signature to call")
    _, inputs = signatures[endpoint].structured_input_signature

    class Signature(keras.layers.Layer):  # type: ignore[misc]  # whatever Keras is
        def call(self, given: Any) -> Any:
            outputs = loaded.signatures[endpoint](**given)
            return next(iter(outputs.values())) if len(outputs) == 1 else outputs

    tensors = {
        name: keras.Input(tuple(spec.shape)[1:], dtype=spec.dtype.name, name=name) for name, spec in inputs.items()
    }
    outputs = Signature(name=endpoint)(tensors)
    return keras.Model(tensors if len(tensors) > 1 else next(iter(tensors.values())), outputs)


# ---------------------------------------------------------------- what a file says before it is loaded


def read_stored(path: str) -> Contents:
    """Reads the configuration, and runs nothing. Raises Refused for what is no model file."""
    try:
        return read_contents(Path(path))
    except UnreadableModel as error:
        raise Refused(str(error)) from None


def stored_loss(keras: Any, path: str, stored: Contents) -> Any | None:
    """The losses that the file tells of, made anew: one, or a dict by output. None where one of them is not known."""
    setups = ArchiveLens(path, stored).read().setups
    losses = {output.name: remade(keras, output.loss) for setup in setups for output in setup.outputs}
    if not losses or None in losses.values():
        return None
    return losses.get(None, losses)


def carried_code(config: Any) -> Iterator[str]:
    """The layers of a configuration that hold a program of their own, by class and name."""
    if isinstance(config, list):
        for item in config:
            yield from carried_code(item)
    if not isinstance(config, Mapping):
        return
    kind, inner = config.get("class_name"), config.get("config")
    if kind in CARRIERS or kind == "__lambda__" or (kind == "TFOpLambda" and not _is_harmless(inner)):
        name = inner.get("name") if isinstance(inner, Mapping) else None
        yield f"{kind} {name}" if name else str(kind)
    else:
        for value in config.values():
            yield from carried_code(value)


def _is_harmless(config: Any) -> bool:
    function = config.get("function") if isinstance(config, Mapping) else None
    return isinstance(function, str) and function.startswith(HARMLESS_SYMBOLS)


# ---------------------------------------------------------------- which Keras


def keras_for(backend: str | None, version: str | None) -> Any:
    """The Keras to load a file with: the one asked for, or else the one that wrote it, or else what there is.

    Raises Unavailable.
    """
    if backend == "tf_keras":
        return _imported("tf_keras")
    if backend is None and version is not None and version.startswith("2"):
        try:
            return _imported("tf_keras")
        except Unavailable:
            pass
    return _imported("keras")


def _imported(name: str) -> Any:
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise Unavailable(f"{name} cannot be imported: {error}") from None


def described(keras: Any) -> str:
    """Keras 3.15.1 on tensorflow"""
    name = "Keras" if keras.__name__ == "keras" else keras.__name__
    return f"{name} {keras.__version__} on {keras.backend.backend()}"
