"""Leaves a program as it was: the values of variables and the states of random generators, to the bit."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from copy import copy
from typing import Any, TypeAlias

Undo: TypeAlias = Callable[[], None]


@contextmanager
def variables_kept(variables: Iterable[Any], value_of: Callable[[Any], Any]) -> Iterator[None]:
    """Gives the variables the values back that they have now; those made meanwhile are not its business."""
    saved = [(variable, value_of(variable).copy()) for variable in variables]
    try:
        yield
    finally:
        for variable, value in saved:
            variable.assign(value)


@contextmanager
def attributes_kept(thing: Any, meanwhile: Mapping[str, Any]) -> Iterator[None]:
    """Sets attributes behind the back of Keras' tracking; afterwards every attribute is the object that it was."""
    attributes = vars(thing)
    before = dict(attributes)
    attributes.update(meanwhile)
    try:
        yield
    finally:
        for name in attributes.keys() - before.keys():
            del attributes[name]
        attributes.update(before)


@contextmanager
def random_states_kept() -> Iterator[None]:
    """Every generator of Python, NumPy and the frameworks that are imported draws on as if nothing had been drawn."""
    undo = [each() for each in (_python, _numpy, _tensorflow, _torch, _keras3, _tf_keras)]
    with ExitStack() as stack:
        for step in undo:
            stack.callback(step)
        yield


def _python() -> Undo:
    state = random.getstate()
    return lambda: random.setstate(state)


def _numpy() -> Undo:
    import numpy as np

    state = np.random.get_state()
    return lambda: np.random.set_state(state)


def _tensorflow() -> Undo:
    """The eager context draws the seeds of operations from a Python generator of its own, if a seed is set."""
    if "tensorflow" not in sys.modules:
        return _nothing
    from tensorflow.python.eager import context
    from tensorflow.python.ops import stateful_random_ops

    drawn: Any = getattr(context.context(), "_rng", None)
    drawn_state = drawn.getstate() if isinstance(drawn, random.Random) else None
    shared: Any = getattr(stateful_random_ops, "global_generator", None)
    shared_state = shared.state.numpy() if shared is not None else None

    def undo() -> None:
        if drawn_state is not None:
            drawn.setstate(drawn_state)
        if shared_state is not None:
            shared.state.assign(shared_state)

    return undo


def _torch() -> Undo:
    torch = sys.modules.get("torch")
    if torch is None:
        return _nothing
    state = torch.get_rng_state()
    devices = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []

    def undo() -> None:
        torch.set_rng_state(state)
        if devices:
            torch.cuda.set_rng_state_all(devices)

    return undo


def _keras3() -> Undo:
    """The global seed generator, and the counters that number unnamed objects."""
    if "keras.src.backend.common.global_state" not in sys.modules:
        return _nothing
    from keras.src.backend.common import global_state

    generator = global_state.get_global_attribute("global_seed_generator")
    state = generator.state.numpy().copy() if generator is not None else None
    names = copy(global_state.get_global_attribute("object_name_uids"))

    def undo() -> None:
        if state is None:
            global_state.set_global_attribute("global_seed_generator", None)
        else:
            generator.state.assign(state)
        global_state.set_global_attribute("object_name_uids", names)

    return undo


def _tf_keras() -> Undo:
    backend = sys.modules.get("tf_keras.src.backend") or sys.modules.get("keras.src.backend")
    generator = getattr(getattr(backend, "_SEED_GENERATOR", None), "generator", None)
    if generator is None:
        return _nothing
    state = generator.getstate()
    return lambda: generator.setstate(state)


def _nothing() -> None:
    pass
