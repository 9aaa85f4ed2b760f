"""From a running model and a batch to the facts of a training setup.

What the configuration of a model tells is read as that of a saved one. The graph tells the head where the configuration
does not, the objects given to compile tell the loss, and the outputs themselves tell shape and dtype.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from mllint.archive.contents import Contents, UnreadableModel, parsed
from mllint.archive.lens import ArchiveLens
from mllint.archive.parts import Part
from mllint.facts import Encoding, Fact, Head, Known, Labels, Loss, Output, Place, TrainingSetup, Unknown
from mllint.live.batches import Batch
from mllint.live.graph import graph_heads
from mllint.live.labels import read_labels
from mllint.live.losses import read_loss
from mllint.live.running import RunningModel
from mllint.reading.labels import stated_labels, unknown_labels
from mllint.reading.losses import unknown_loss
from mllint.reading.outputs import DoesNotFit, loss_for

Stated: TypeAlias = Mapping[str | None, Encoding]
"""What the user says of the labels, by output; under None of the outputs that are not named."""

COMPILE: Final = "compile"
"""The part of a live model that holds what it is compiled with, as findings name it."""


def read_setup(running: RunningModel, batch: Batch, path: str, stated: Stated) -> TrainingSetup:
    """The facts of every output, trained or not."""
    tensors = running.forward(batch.x)
    configured = _configured(running, path)
    by_config = _by_output(running, configured.outputs if configured is not None else ())
    heads = _heads(running, batch.x, path, by_config)
    losses = _losses(running, path)
    labels = _labels(running, batch, tensors, path, stated)
    outputs = tuple(
        Output(
            name=name if len(tensors) > 1 else None,
            head=_with_shape(heads[number], tensor),
            loss=losses[number],
            labels=labels[number],
            metrics=one.metrics if one is not None else (),
        )
        for number, (name, tensor, one) in enumerate(zip(running.names, tensors, by_config, strict=True))
    )
    return TrainingSetup(
        path=path,
        place=_place(path, COMPILE),
        via="compile",
        outputs=outputs,
        framework=Known(running.framework),
        run_eagerly=Known(running.run_eagerly),
        identifiers=configured.identifiers if configured is not None else (),
        structure=configured.structure if configured is not None else None,
    )


def _place(path: str, part: str) -> Place:
    return Place(path, Part("setting", part))


def _configured(running: RunningModel, path: str) -> TrainingSetup | None:
    """The setup that the configuration tells of; None where it tells of none."""
    config, training = running.config(), running.compile_config()
    if config is None:
        return None
    try:
        contents = Contents(
            model=_as_data(config),
            training=_as_data(training) if training else None,
            keras_version=running.keras.__version__,
            training_key=COMPILE,
            keeps_spelling=True,
        )
        setups = ArchiveLens(path, contents).read().setups
    except (UnreadableModel, RecursionError, TypeError, ValueError):
        return None
    return setups[0] if setups else None


def _as_data(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """A configuration as a file would hold it; what JSON has no form for becomes text."""
    return parsed(json.dumps(config, default=str).encode(), "the configuration")


# ---------------------------------------------------------------- heads


def _by_output(running: RunningModel, configured: Sequence[Output]) -> list[Output | None]:
    """What the configuration tells of each output; it leaves out those that are not trained."""
    if len(running.names) == 1:
        return list(configured) or [None]
    by_name = {one.name: one for one in configured}
    return [by_name.get(name) for name in running.names]


def _heads(running: RunningModel, x: Any, path: str, configured: Sequence[Output | None]) -> list[Head]:
    """Each head from the configuration, and where that does not tell the activation, from the graph."""
    told = [one.head if one is not None else None for one in configured]
    known = [head for head in told if head is not None and isinstance(head.activation, Known)]
    if len(known) == len(told):
        return known
    traced = map(_recovering, _traced(running, x, path), running.forward(x))
    return [_better(head, graph) for head, graph in zip(told, traced, strict=True)]


def _better(told: Head | None, traced: Head) -> Head:
    """The head that knows its activation; of two that do not, the one that names layers."""
    if told is None or (isinstance(told.activation, Unknown) and isinstance(traced.activation, Known)):
        return traced
    return told


def _traced(running: RunningModel, x: Any, path: str) -> Sequence[Head]:
    if running.backend not in ("tensorflow", "tf_keras"):
        return [_unseen(f"the model runs on {running.backend}, which has no graph to follow", path)] * len(
            running.names
        )
    try:
        return graph_heads(running.call, running.tensors(x), path)
    except Exception as error:  # tracing runs the model's own code
        return [_unseen(f"the graph of the model cannot be traced: {type(error).__name__}", path)] * len(running.names)


def _recovering(head: Head, tensor: Any) -> Head:
    """The head with an activation of Keras in place of TensorFlow's own, which makes the same operation: only Keras'
    leave the logits at their output, where its losses find them."""
    last = head.stages[-1] if head.stages else None
    if last is None or last.role != "activation" or not hasattr(tensor, "_keras_logits"):
        return head
    symbol = f"keras.activations.{last.symbol.rpartition('.')[2]}"
    return replace(head, stages=(*head.stages[:-1], replace(last, symbol=symbol)))


def _unseen(reason: str, path: str) -> Head:
    place = _place(path, "model")
    unknown = Unknown(reason, place)
    return Head(unknown, unknown, unknown, (), place)


def _with_shape(head: Head, tensor: Any) -> Head:
    """The head with the shape and dtype that its output has."""
    shape = tuple(tensor.shape)
    units: Fact[int] = Known(int(shape[-1]), head.place) if len(shape) > 1 else Unknown("y_pred has one axis")
    return replace(head, units=units, rank=Known(len(shape), head.place), dtype=Known(_dtype(tensor), head.place))


def _dtype(tensor: Any) -> str:
    """float32, whatever the backend calls it."""
    dtype = getattr(tensor.dtype, "name", None) or str(tensor.dtype)
    return dtype.removeprefix("torch.")


# ---------------------------------------------------------------- losses and labels


def _losses(running: RunningModel, path: str) -> list[Loss]:
    given, place, count = running.compiled_loss(), _place(path, f"{COMPILE}.loss"), len(running.names)
    own = running.own_training()
    if own is not None:
        return [unknown_loss(f"the model trains in a way of its own ({own})", "wrapped", place)] * count
    if not isinstance(given, Mapping | list | tuple) or (isinstance(given, Mapping) and "class_name" in given):
        return [read_loss(given, place)] * count
    try:
        each = [loss_for(given, number, name, count) for number, name in enumerate(running.names)]
    except DoesNotFit as error:
        return [unknown_loss(str(error), "function", place)] * count
    return [read_loss(loss, place) for loss in each]


def _labels(running: RunningModel, batch: Batch, tensors: Sequence[Any], path: str, stated: Stated) -> list[Labels]:
    if batch.y is None:
        unknown = unknown_labels("no labels are given: --data gives a batch with them")
        read = [unknown] * len(tensors)
    else:
        place = _place(path, f"labels of {batch.origin}")
        read = [
            read_labels(values, place, tuple(tensor.shape), batch.x, getattr(loss, "ignore_class", None))
            for values, tensor, loss in zip(running.labels_per_output(batch.y), tensors, running.losses(), strict=True)
        ]
    place = _place(path, "the labels that are stated")
    encodings = [stated.get(name, stated.get(None)) for name in running.names]
    return [
        stated_labels(labels, encoding, place) if encoding is not None else labels
        for labels, encoding in zip(read, encodings, strict=True)
    ]
