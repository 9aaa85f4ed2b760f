"""The same weights and the same batch on the accelerator and on the processor."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final

from mllint.live.probes.questions import NotAsked
from mllint.live.subject import Subject, SubjectOutput
from mllint.measured import Devices

CPU: Final = "cpu:0"


def compare_devices(subject: Subject, output: SubjectOutput) -> Devices:
    """Raises NotAsked where there is one device only."""
    import numpy as np

    first, on = _accelerator(subject)
    with on(first):
        here = np.asarray(subject.predict()[output.index], dtype="float64")
    with on(CPU):
        there = np.asarray(subject.predict()[output.index], dtype="float64")
    difference = np.abs(here - there)
    largest = float(np.nanmax(difference)) if np.isfinite(difference).any() else float("nan")
    scale = float(np.nanmax(np.abs(there))) or 1.0
    return Devices(
        first=first,
        second=CPU,
        largest_difference=largest,
        relative=largest / scale,
        other_answers=_other_answers(here, there),
        samples=len(here),
    )


def _other_answers(here: Any, there: Any) -> int:
    if here.ndim < 2 or here.shape[-1] < 2:
        return int(((here > 0.5) != (there > 0.5)).sum())
    return int((here.argmax(axis=-1) != there.argmax(axis=-1)).sum())


def _accelerator(subject: Subject) -> tuple[str, Callable[[str], AbstractContextManager[Any]]]:
    """The name of the first accelerator, and what puts computation on a device of that backend."""
    if subject.backend in ("tensorflow", "tf_keras"):
        import tensorflow as tf

        if not tf.config.list_logical_devices("GPU"):
            raise NotAsked("this machine has one device only, its processor")
        return "gpu:0", lambda name: tf.device(f"/{name}")
    if subject.backend == "jax":
        import jax

        kind = jax.default_backend()
        if kind == "cpu":
            raise NotAsked("this machine has one device only, its processor")
        return f"{kind}:0", lambda name: jax.default_device(jax.devices(name.partition(":")[0])[0])
    raise NotAsked("on PyTorch the weights would have to be moved")
