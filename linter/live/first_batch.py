"""A look at the first batch that fit trains on, which Keras shows to no callback.

fit asks the model for its `train_function` before every step. For one step that function is replaced by one that draws
the batch, shows it, and then trains on it through the function that was there: every batch is drawn once, in its order,
and the step is the step that it would have been. Source: keras/src/backend/tensorflow/trainer.py, jax/trainer.py,
torch/trainer.py and tf_keras/src/engine/training.py, `fit`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any, Final, TypeAlias

from mllint.live.batches import Batch, arrays

Look: TypeAlias = Callable[[Batch], None]

ORIGIN: Final = "the first batch of fit"


class OutOfSight(Exception):
    """The batch cannot be looked at without changing the training; `str` is the reason."""


def look_at_first_batch(model: Any, look: Look, out_of_sight: Callable[[str], None]) -> None:
    """Has `look` called with the next batch that the model trains on; to be called when training begins.

    What `look` raises ends the training. `out_of_sight` is told why where the batch cannot be shown.
    """
    train = model.train_function
    if train is None or isinstance(train, _FirstStep):
        return
    model.train_function = _FirstStep(model, train, look, out_of_sight)


class _FirstStep:
    """Stands in for `train_function` once."""

    def __init__(self, model: Any, train: Any, look: Look, out_of_sight: Callable[[str], None]) -> None:
        self._model = model
        self._train = train
        self._look = look
        self._out_of_sight = out_of_sight

    def __call__(self, *arguments: Any) -> Any:
        """`arguments` are (iterator,) on TensorFlow, (batches,) on torch, (state, batches) on JAX."""
        self._model.train_function = self._train
        *state, source = arguments
        try:
            batches, source = _drawn(source, _steps(self._model))
        except OutOfSight as reason:
            self._out_of_sight(str(reason))
            return self._train(*arguments)
        if batches:
            with _weights_in_place(self._model, state):
                self._show(batches[0])
        return self._train(*state, source)

    def _show(self, drawn: Any) -> None:
        x, y = drawn[:2] if isinstance(drawn, tuple | list) and len(drawn) > 1 else (drawn, None)
        x = x[0] if isinstance(drawn, tuple | list) and len(drawn) == 1 else x
        try:
            batch = Batch(arrays(x), arrays(y) if y is not None else None, ORIGIN)
        except (TypeError, ValueError) as error:
            self._out_of_sight(f"it is not made of arrays: {error}")
            return
        self._look(batch)


def _steps(model: Any) -> int:
    """Batches that one call of the train function trains on."""
    steps: Any = getattr(model, "_steps_per_execution", None) or getattr(model, "steps_per_execution", 1)
    return int(steps.numpy() if hasattr(steps, "numpy") else steps)


def _drawn(source: Any, steps: int) -> tuple[Sequence[Any], Any]:
    """The batches of the next call, and what to train on instead of `source`. Raises OutOfSight."""
    if isinstance(source, list | tuple):
        return source, source
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is None or isinstance(source, Generator):
        batches = list(islice(source, steps))
        return batches, chain(batches, source)
    if not isinstance(source, tensorflow.data.Iterator):
        raise OutOfSight(f"it comes from {type(source).__name__}")
    if not all(isinstance(spec, tensorflow.TensorSpec) for spec in tensorflow.nest.flatten(source.element_spec)):
        raise OutOfSight("it holds more than tensors")
    batches = list(_next(source, steps, tensorflow.errors.OutOfRangeError))
    if not batches:
        return batches, source  # it is the train function that says that there are no data
    again = tensorflow.data.Dataset.from_generator(lambda: iter(batches), output_signature=source.element_spec)
    return batches, iter(again)


def _next(source: Iterator[Any], count: int, end: type[Exception]) -> Iterator[Any]:
    for _ in range(count):
        try:
            yield next(source)
        except (StopIteration, end):
            return


@contextmanager
def _weights_in_place(model: Any, state: Sequence[Any]) -> Iterator[None]:
    """While it trains on JAX, fit holds the values of all variables itself; here the model has copies of them.

    Copies, because evaluate gives away the memory of what it is given.
    """
    if not state:
        yield
        return
    optimizer = model.optimizer.variables
    held = [model.trainable_variables, model.non_trainable_variables, optimizer, model.metrics_variables]
    taken = [
        pair for variables, values in zip(held, state[0], strict=True) for pair in zip(variables, values, strict=True)
    ]
    for variable, value in taken:
        variable._value = value.copy()
    try:
        yield
    finally:
        for variable, _ in taken:
            variable._value = None
