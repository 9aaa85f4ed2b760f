"""The Labels fact where no label is in sight, and what a user may say of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mllint.facts import Encoding, Known, Labels, Loss, Place, Task, Unknown
from mllint.rules import knowledge

_BY_TASK: Final[dict[Task, Encoding]] = {"multi-label": "multi-hot", "binary": "binary", "regression": "continuous"}
_BY_FAMILY: Final[dict[str, Encoding]] = {"categorical": "one-hot", "sparse": "integer"}


def encoding_for(task: Task, loss: Loss) -> Encoding | None:
    """The label encoding that a task implies; for multi-class it is the one that the loss wants."""
    if task != "multi-class":
        return _BY_TASK[task]
    row = knowledge.losses().get(loss.name.value) if isinstance(loss.name, Known) else None
    return _BY_FAMILY.get(row.family) if row is not None else None


def unknown_labels(reason: str, place: Place | None = None) -> Labels:
    unknown = Unknown(reason, place)
    return Labels(unknown, unknown, unknown, unknown, unknown, unknown, unknown, place)


def stated_labels(labels: Labels, encoding: Encoding, place: Place) -> Labels:
    """Labels of which somebody states the encoding."""
    return replace(labels, encoding=Known(encoding, place), place=place)
