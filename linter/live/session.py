"""What the worker does: the backend, the model, a batch, the facts, the measurements."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Final

from mllint.facts import Place
from mllint.files.regular_files import read_regular
from mllint.lens import Note, Reading
from mllint.live.batches import Batch, load_batch, made_up
from mllint.live.models import Loaded, load_model
from mllint.live.refusals import Refused, Unavailable
from mllint.live.request import Request
from mllint.live.running import RunningModel, run
from mllint.live.study import study
from mllint.rules.knowledge.taught import using

SHARE_OF_PROBES: Final = 0.8
"""Of the time that is left once the model is loaded: a probe that has begun is not cut short."""

Say = Callable[[str], None]


def read(request: Request, say: Say) -> Reading:
    """Raises Refused, and whatever the user's code raises."""
    deadline = time.monotonic() + request.seconds
    _check_backend(request)
    with _on_device(request), using(tuple((file, read_regular(Path(file))) for file in request.knowledge)):
        _set_dtype_policy(request)
        loaded = load_model(request, say)
        running, batch = _running(loaded, request, say)
        say("measuring")
        seconds = SHARE_OF_PROBES * (deadline - time.monotonic())
        setup = study(running, batch, request.model, dict(request.labels), seconds)
    return Reading((setup,), _notes(loaded, request.model))


def _running(loaded: Loaded, request: Request, say: Say) -> tuple[RunningModel, Batch]:
    loss = loaded.loss if loaded.loss is not None else _stated_loss(request.loss)
    if request.data is not None:
        say(f"reading {request.data}" if os.path.exists(request.data) else f"running {request.data}")
        batch = load_batch(request.data, request.rows)
        return run(loaded.model, batch.x, loss), batch
    failure: Exception | None = None
    for batch in made_up(loaded.model, request.rows):
        try:
            return run(loaded.model, batch.x, loss), batch
        except Refused:
            raise
        except Exception as error:
            failure = error
    raise Refused(f"the model does not take made-up input ({type(failure).__name__}): --data gives it a batch")


def _stated_loss(name: str | None) -> Any | None:
    """A name that Keras knows stays a name; `module:name` is the user's own."""
    from mllint.live import user_code

    return user_code.load(name) if name is not None and user_code.is_named(name) else name


def _notes(loaded: Loaded, path: str) -> tuple[Note, ...]:
    if loaded.compile_state is None:
        return ()
    return (Note(Place(path, "loss"), f"what it was compiled with cannot be restored: {loaded.compile_state}"),)


# ---------------------------------------------------------------- the machine


def _check_backend(request: Request) -> None:
    """Raises Unavailable where what the request asks for cannot be imported."""
    import importlib.util

    package = {"jax": "jax", "torch": "torch", "tensorflow": "tensorflow", "tf_keras": "tf_keras"}
    wanted = package.get(request.backend or "")
    if wanted is not None and importlib.util.find_spec(wanted) is None:
        raise Unavailable(f"{wanted} is not installed here")


def _set_dtype_policy(request: Request) -> None:
    if request.dtype_policy is None:
        return
    keras = _keras(request)
    policy = keras.config.set_dtype_policy if hasattr(keras, "config") else keras.mixed_precision.set_global_policy
    try:
        policy(request.dtype_policy)
    except ValueError as error:
        raise Refused(f"{request.dtype_policy} is no dtype policy: {error}") from None


def _on_device(request: Request) -> AbstractContextManager[Any]:
    """Where the model is made and run. Raises Unavailable where there is no such device."""
    if request.device is None:
        return nullcontext()
    keras = _keras(request)
    kind, _, number = request.device.partition(":")
    found = _devices(keras.backend.backend(), kind)
    if int(number or 0) >= found:
        have = f"{found} of them" if found else "none"
        raise Unavailable(f"{request.device}: {keras.backend.backend()} finds {have} on this machine")
    device = keras.device if hasattr(keras, "device") else _tensorflow().device
    scope: AbstractContextManager[Any] = device(f"{kind}:{number or 0}")
    return scope


def _devices(backend: str, kind: str) -> int:
    """How many devices of a kind the backend sees."""
    if backend == "jax":
        import jax

        try:
            return len(jax.devices(kind))
        except RuntimeError:
            return 0
    if backend == "torch":
        import torch

        return int(torch.cuda.device_count()) if kind == "gpu" else int(kind == "cpu")
    return len(_tensorflow().config.list_physical_devices(kind.upper()))


def _tensorflow() -> Any:
    import tensorflow

    return tensorflow


def _keras(request: Request) -> Any:
    from mllint.live.models import keras_for

    return keras_for(request.backend, None)
