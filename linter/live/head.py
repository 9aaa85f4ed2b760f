"""The head as a function of its scores alone: the model's own code from the last learned layer to y_pred.

While the head is free, its layer returns given scores instead of computing them. What follows is what always follows:
the layer's own activation, then every later layer, as the model calls them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from mllint.live import autodiff
from mllint.live.subject import Subject, SubjectOutput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float32]

SCORED_THEN_ACTIVATED: Final = ("Dense", "EinsumDense", "Conv1D", "Conv2D", "Conv3D")
"""Layers of Keras whose call ends in `self.activation(scores)`. Source: keras/src/layers/core/dense.py, `call`."""


class NotFree(Exception):
    """The scores cannot be set; `str` completes "not measured: …"."""


@dataclass(frozen=True, slots=True)
class FreeHead:
    """One output of a model with its scores free. Scores are arrays of shape (rows, units)."""

    subject: Subject
    output: SubjectOutput
    units: int
    """Number of scores of one position."""
    positions: tuple[int, ...]
    """The axes of the scores between the rows and the units, which all hold the same scores: (1, 1) for a picture."""

    def y_pred(self, scores: Any) -> Any:
        """The output's tensor, first axis as in `scores`. For use inside `autodiff`."""
        tensor = _at_all_positions(self.subject, scores, self.positions, self.units)
        with _returning(self.output.head_layer, self.subject, tensor):
            return self.subject.forward(first_row(self.subject.x))[self.output.index]

    def y_pred_of_batch(self, offsets: Any) -> Any:
        """The output's tensor for the batch, its scores moved by offsets of shape (rows, units)."""
        layer: Any = self.output.head_layer
        subject = self.subject
        own, ops = layer.activation, autodiff.operations(subject)
        ones = tuple(1 for _ in self.positions)

        def activation(scores: Any) -> Any:
            given = scores + ops.cast(ops.reshape(offsets, (-1, *ones, self.units)), scores.dtype)
            return own(given) if own is not None else given

        with _replaced(layer, "activation", activation):
            return subject.forward(subject.x)[self.output.index]

    def values(self, scores: Floats) -> Floats:
        """What the head makes of scores, shape (rows, units of the output): those of the first position."""
        array = self.subject.to_numpy(autodiff.value(self.subject, self.y_pred, scores)).astype("float32")
        return array.reshape(len(scores), -1, array.shape[-1])[:, 0] if array.ndim > 1 else array[:, None]

    def shape(self) -> tuple[int, ...]:
        """Shape of y_pred for one row of scores, without the rows."""
        import numpy as np

        zeros = np.zeros((1, self.units), "float32")
        return self.subject.to_numpy(autodiff.value(self.subject, self.y_pred, zeros)).shape[1:]


def free_head(subject: Subject, output: SubjectOutput) -> FreeHead:
    """The output with its scores free. Raises NotFree."""
    layer = output.head_layer
    if layer is None:
        raise NotFree("the layer that makes the scores is not in sight")
    if type(layer).__name__ not in SCORED_THEN_ACTIVATED or not type(layer).__module__.startswith(
        ("keras", "tf_keras")
    ):
        raise NotFree(f"the scores come from {type(layer).__name__}, which is no Dense and no convolution of Keras")
    if getattr(layer, "data_format", "channels_last") != "channels_last":
        raise NotFree("the classes are not on the last axis")
    shape = _shape_of_scores(subject, output)
    few = (1,) * (len(shape) - 2)
    for positions in dict.fromkeys((few, shape[1:-1])):
        head = FreeHead(subject, output, shape[-1], positions)
        try:
            units = head.shape()[-1:]
        except Exception as error:
            reason = error
            continue
        if units != (head.units,):
            raise NotFree("what follows the scores moves them to other axes")
        return head
    raise NotFree(f"the head does not take scores of its own: {type(reason).__name__}")


def first_row(x: Any) -> Any:
    """The first sample of a batch, whatever structure it has."""
    if isinstance(x, dict):
        return {name: first_row(one) for name, one in x.items()}
    if isinstance(x, list | tuple):
        return type(x)(first_row(one) for one in x)
    return x[:1]


@contextmanager
def _returning(layer: Any, subject: Subject, scores: Any) -> Iterator[None]:
    """The layer's call gives back these scores, activated, whatever it is called with."""

    def call(*_: Any, **__: Any) -> Any:
        given = autodiff.operations(subject).cast(scores, layer.compute_dtype)
        return layer.activation(given) if layer.activation is not None else given

    with _replaced(layer, "call", call):
        yield


@contextmanager
def _replaced(layer: Any, name: str, value: Any) -> Iterator[None]:
    """Sets an attribute behind the back of Keras' tracking, and puts back what was there."""
    attributes = vars(layer)
    before = {key: attributes[key] for key in (name,) if key in attributes}
    attributes[name] = value
    try:
        yield
    finally:
        attributes.pop(name)
        attributes.update(before)


def _shape_of_scores(subject: Subject, output: SubjectOutput) -> tuple[int, ...]:
    """Shape of what the layer returns for one row."""
    layer: Any = output.head_layer
    seen: list[tuple[int, ...]] = []
    own = layer.call

    def call(*args: Any, **kwargs: Any) -> Any:
        result = own(*args, **kwargs)
        seen.append(tuple(int(size) for size in result.shape))
        return result

    with _replaced(layer, "call", call):
        subject.forward(first_row(subject.x))
    if not seen:
        raise NotFree("the layer that makes the scores is not called")
    return seen[-1]


def _at_all_positions(subject: Subject, scores: Any, positions: tuple[int, ...], units: int) -> Any:
    """Scores of one position (rows, units) for all positions: (rows, *positions, units)."""
    if not positions:
        return scores
    ops = autodiff.operations(subject)
    return ops.tile(ops.reshape(scores, (-1, *(1 for _ in positions), units)), (1, *positions, 1))
