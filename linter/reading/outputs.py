"""Which of several losses or metrics belongs to which output of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class DoesNotFit(ValueError):
    """The losses do not fit the outputs; the message completes "not judged: …"."""


def loss_for(losses: Sequence[T] | Mapping[object, T], index: int, name: str | None, count: int) -> T | None:
    """The loss of output `index` of `count`; None for an output without one. Raises DoesNotFit.

    A list on a single output is read as Keras reads it: only its first loss trains.
    """
    if isinstance(losses, Mapping):
        if name in losses:
            return losses[name]
        if count == 1 and len(losses) == 1:
            return next(iter(losses.values()))
        if name is None:
            raise DoesNotFit("which loss of the dict belongs to the output")
        return None
    if len(losses) != count and count > 1:
        raise DoesNotFit("the list of losses does not fit the outputs")
    return losses[index] if index < len(losses) else None


def metrics_for(metrics: Mapping[object, T], name: str | None) -> T | None:
    """The metrics of one output out of a dict."""
    return metrics.get(name) if name is not None else next(iter(metrics.values()), None)
