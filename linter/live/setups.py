"""From a running model and a batch to the facts of a training setup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from mllint.facts import Encoding, Fact, Head, Known, Labels, Loss, Output, Place, TrainingSetup, Unknown
from mllint.live.batches import Batch
from mllint.live.graph import graph_heads
from mllint.live.labels import read_labels
from mllint.live.losses import read_loss
from mllint.live.running import RunningModel
from mllint.reading.labels import stated_labels, unknown_labels
from mllint.reading.outputs import DoesNotFit, loss_for

LOSS: Final = "loss"
"""The part of a live model that holds what it is compiled with, as findings name it."""


def read_setup(running: RunningModel, batch: Batch, path: str, encoding: Encoding | None) -> TrainingSetup:
    """The facts of the model, its loss and the batch; `encoding` is what the user states of the labels."""
    tensors = running.forward(batch.x)
    heads = read_heads(running, batch.x, path)
    several = len(tensors) > 1
    losses = _losses(running, path)
    outputs = tuple(
        Output(
            name=name if several else None,
            head=_measured_head(head, tensor),
            loss=loss,
            labels=labels,
        )
        for name, head, tensor, loss, labels in zip(
            running.names, heads, tensors, losses, _labels(running, batch, tensors, path, encoding), strict=True
        )
    )
    return TrainingSetup(
        path=path,
        place=Place(path, LOSS),
        via="compile",
        outputs=outputs,
        framework=Known(running.framework),
        run_eagerly=Known(running.run_eagerly),
    )


def read_heads(running: RunningModel, x: Any, path: str) -> Sequence[Head]:
    """The heads as the graph of the model shows them."""
    if running.backend not in ("tensorflow", "tf_keras"):
        return [_unseen(f"the model runs on {running.backend}, which has no graph to follow", path)] * len(
            running.names
        )
    try:
        return graph_heads(running.call, running.tensors(x), path)
    except Exception as error:  # tracing runs the model's own code
        return [_unseen(f"the graph of the model cannot be traced: {type(error).__name__}", path)] * len(running.names)


def _unseen(reason: str, path: str) -> Head:
    unknown = Unknown(reason, Place(path, "model"))
    return Head(unknown, unknown, unknown, (), Place(path, "model"))


def _measured_head(head: Head, tensor: Any) -> Head:
    """The head with the shape and dtype that its output has."""
    shape = tuple(tensor.shape)
    units: Fact[int] = Known(int(shape[-1]), head.place) if len(shape) > 1 else Unknown("y_pred has one axis")
    return replace(head, units=units, rank=Known(len(shape), head.place), dtype=Known(_dtype(tensor), head.place))


def _dtype(tensor: Any) -> str:
    """float32, whatever the backend calls it."""
    dtype = getattr(tensor.dtype, "name", None) or str(tensor.dtype)
    return dtype.removeprefix("torch.")


def _losses(running: RunningModel, path: str) -> list[Loss]:
    given, place, count = running.compiled_loss(), Place(path, LOSS), len(running.names)
    if not isinstance(given, dict | list | tuple):
        return [read_loss(given, place)] * count
    try:
        each = [loss_for(given, number, name, count) for number, name in enumerate(running.names)]
    except DoesNotFit as error:
        unknown = Unknown(str(error), place)
        return [Loss(unknown, unknown, unknown, unknown, "function", place)] * count
    return [read_loss(loss, place) for loss in each]


def _labels(
    running: RunningModel, batch: Batch, tensors: Sequence[Any], path: str, encoding: Encoding | None
) -> list[Labels]:
    place = Place(path, f"labels of {batch.origin}")
    if batch.y is None:
        return [unknown_labels("no labels are given: --data gives a batch with them", place)] * len(tensors)
    read = [
        read_labels(values, place, tuple(tensor.shape), batch.x, getattr(loss, "ignore_class", None))
        for values, tensor, loss in zip(running.labels_per_output(batch.y), tensors, running.losses(), strict=True)
    ]
    return read if encoding is None else [stated_labels(labels, encoding, place) for labels in read]
