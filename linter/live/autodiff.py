"""Gradients and their descent, on whichever backend the model computes: the only place that tells backends apart.

The function under study maps one float32 tensor to a scalar tensor of the backend. It runs as fit would run it: in a
graph, with XLA or eagerly, since what Keras makes of a loss depends on that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from mllint.live.subject import Subject

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float32]

Function: TypeAlias = Callable[[Any], Any]

RATE: Final = 0.15
"""Step of Adam at the start, in units of the score; it falls over the last third to a fiftieth of that."""
MEAN_DECAY: Final = 0.9
SQUARE_DECAY: Final = 0.98
SMALLEST: Final = 1e-12
"""Keeps a gradient of 0 from being divided by 0; small enough not to slow down the smallest real gradient."""


class Descent(NamedTuple):
    """Where a descent began and ended."""

    first_gradient: Floats
    """Shape of the tensor."""
    end: Floats
    losses: Floats
    """Shape (steps + 1,): before each step and after the last."""


def operations(subject: Subject) -> Any:
    """The module with cast, convert_to_tensor, repeat, reshape, tile and what else both Keras 3 and TensorFlow have."""
    if subject.backend == "tf_keras":
        import tensorflow as tf

        return tf
    return subject.keras.ops


def value(subject: Subject, function: Function, at: Floats) -> Any:
    """The function's result at a point, as the backend's tensor, computed as fit would."""
    if subject.backend == "jax":
        import jax

        return jax.jit(function)(at)
    if subject.backend == "torch":
        import torch

        with torch.no_grad():
            return function(operations(subject).convert_to_tensor(at))
    return _tensorflow_function(subject, function)(operations(subject).convert_to_tensor(at))


def gradient(subject: Subject, function: Function, at: Floats) -> tuple[float, Floats]:
    """The function's value at a point and its gradient there, 0 where nothing connects the two."""
    descent = descend(subject, function, at, 0)
    return float(descent.losses[0]), descent.first_gradient


def descend(subject: Subject, function: Function, start: Floats, steps: int) -> Descent:
    """Minimises the function by Adam from `start`. Raises what the function raises."""
    if subject.backend == "jax":
        return _descend_jax(function, start, steps)
    if subject.backend == "torch":
        return _descend_torch(subject, function, start, steps)
    return _descend_tensorflow(subject, function, start, steps)


def _rate(step: Any, steps: int, minimum: Callable[[float, Any], Any]) -> Any:
    return RATE * minimum(1.0, 3.0 * (1.0 - step / max(steps, 1)) + 0.02)


# ---------------------------------------------------------------- TensorFlow, under Keras 3 and tf_keras


def _tensorflow_function(subject: Subject, function: Function) -> Function:
    import tensorflow as tf

    if subject.run_eagerly:
        return function
    traced = tf.function(function, autograph=False, jit_compile=subject.jit_compile or None)

    def run(at: Any) -> Any:
        # A concrete function: calling the other would warn of functions that are made in a loop.
        return traced.get_concrete_function(at)(at)

    return run


def _descend_tensorflow(subject: Subject, function: Function, start: Floats, steps: int) -> Descent:
    import numpy as np
    import tensorflow as tf

    def slope(at: Any) -> tuple[Any, Any]:
        with tf.GradientTape() as tape:
            tape.watch(at)
            loss = tf.cast(function(at), tf.float32)
        found = tape.gradient(loss, at)
        return loss, tf.zeros_like(at) if found is None else tf.convert_to_tensor(found)

    def step(number: Any, at: Any, mean: Any, square: Any) -> tuple[Any, Any, Any, Any]:
        loss, found = slope(at)
        mean = MEAN_DECAY * mean + (1 - MEAN_DECAY) * found
        square = SQUARE_DECAY * square + (1 - SQUARE_DECAY) * found * found
        count = number + 1.0
        size = tf.sqrt(square / (1 - SQUARE_DECAY**count)) + SMALLEST
        at = at - _rate(count, steps, tf.minimum) * mean / (1 - MEAN_DECAY**count) / size
        return loss, at, mean, square

    def loop(at: Any) -> tuple[Any, ...]:
        first = slope(at)[1]
        losses = tf.TensorArray(tf.float32, steps + 1)

        def body(number: Any, at: Any, mean: Any, square: Any, losses: Any) -> tuple[Any, ...]:
            loss, at, mean, square = step(tf.cast(number, tf.float32), at, mean, square)
            return number + 1, at, mean, square, losses.write(number, loss)

        state = (tf.constant(0), at, tf.zeros_like(at), tf.zeros_like(at), losses)
        _, at, _, _, losses = tf.while_loop(lambda number, *_: number < steps, body, state)
        return first, at, losses.write(steps, slope(at)[0]).stack()

    run = _tensorflow_function(subject, loop)
    return Descent(*(np.asarray(tensor) for tensor in run(tf.constant(start))))


# ---------------------------------------------------------------- JAX


def _descend_jax(function: Function, start: Floats, steps: int) -> Descent:
    import jax
    import jax.numpy as jnp
    import numpy as np

    slope = jax.value_and_grad(lambda at: jnp.asarray(function(at), jnp.float32))

    def step(state: tuple[Any, Any, Any], number: Any) -> tuple[tuple[Any, Any, Any], Any]:
        at, mean, square = state
        loss, found = slope(at)
        mean = MEAN_DECAY * mean + (1 - MEAN_DECAY) * found
        square = SQUARE_DECAY * square + (1 - SQUARE_DECAY) * found * found
        count = number + 1.0
        size = jnp.sqrt(square / (1 - SQUARE_DECAY**count)) + SMALLEST
        at = at - _rate(count, steps, jnp.minimum) * mean / (1 - MEAN_DECAY**count) / size
        return (at, mean, square), loss

    def loop(at: Any) -> tuple[Any, Any, Any]:
        first = slope(at)[1]
        state = (at, jnp.zeros_like(at), jnp.zeros_like(at))
        (at, _, _), losses = jax.lax.scan(step, state, jnp.arange(steps, dtype=jnp.float32))
        return first, at, jnp.append(losses, slope(at)[0])

    return Descent(*(np.asarray(tensor) for tensor in jax.jit(loop)(jnp.asarray(start))))


# ---------------------------------------------------------------- PyTorch


def _descend_torch(subject: Subject, function: Function, start: Floats, steps: int) -> Descent:
    import numpy as np
    import torch

    def slope(at: Any) -> tuple[float, Any]:
        at = at.detach().requires_grad_(True)
        loss = function(at)
        if not loss.requires_grad:
            return float(loss), torch.zeros_like(at)
        (found,) = torch.autograd.grad(loss, at, allow_unused=True)
        return float(loss), torch.zeros_like(at) if found is None else found

    at = operations(subject).convert_to_tensor(start)
    mean, square = torch.zeros_like(at), torch.zeros_like(at)
    first, losses = None, []
    with torch.enable_grad():
        for count in range(1, steps + 1):
            loss, found = slope(at)
            first = found if first is None else first
            losses.append(loss)
            mean = MEAN_DECAY * mean + (1 - MEAN_DECAY) * found
            square = SQUARE_DECAY * square + (1 - SQUARE_DECAY) * found * found
            size = torch.sqrt(square / (1 - SQUARE_DECAY**count)) + SMALLEST
            at = at - _rate(count, steps, min) * mean / (1 - MEAN_DECAY**count) / size
        loss, found = slope(at)
    first = found if first is None else first
    arrays = (first.cpu().numpy(), at.detach().cpu().numpy(), np.asarray([*losses, loss], np.float32))
    return Descent(*arrays)
