"""The labels of an output and the loss they meet, as the label rules read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mllint.facts import Encoding, Known, Output, Place, TrainingSetup
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import LossFamily
from mllint.rules.views.pairs import CROSSENTROPIES, value

RECONSTRUCTION = frozenset({"image", "self"})
"""Encodings of targets that are no classes and no numbers to predict: label rules only ask whether they lie in the
range of head and loss."""
CLASS_IDS = frozenset({"integer", "binary"})
ROWS_OF_CLASSES = frozenset({"one-hot", "multi-hot", "distribution"})
ONE_COLUMN = "binary"
NOT_JUDGED = frozenset({"ctc", "by-shape"})


@dataclass(frozen=True, slots=True)
class Target:
    """One output whose loss and label encoding are known."""

    output: Output
    encoding: Encoding
    loss: str
    family: LossFamily
    focal: bool
    units: int | None
    classes: int | None
    rank: int | None
    columns: int | None
    """Size of the labels' last axis; 1 where they have one value per sample."""
    low: float | None
    high: float | None
    place: Place | None

    @property
    def is_crossentropy(self) -> bool:
        return self.family in CROSSENTROPIES

    @property
    def units_text(self) -> str:
        return f"{self.units} unit{'s' if self.units != 1 else ''}"

    @property
    def largest_id(self) -> int | None:
        """The largest class id, from the values that were seen or the number of classes."""
        if self.high is not None:
            return int(self.high)
        return self.classes - 1 if self.classes is not None else None


def targets(setup: TrainingSetup) -> Iterator[Target]:
    """The outputs whose labels can be judged.

    Left out: reconstructions, losses over another axis than the last, and the heads of one unit that one-unit-softmax
    and one-unit-head-with-categorical-loss report.
    """
    for output in setup.outputs:
        target = _target(output)
        if target is not None and target.encoding not in RECONSTRUCTION and not _is_reported_for_one_unit(target):
            yield target


def reconstructions(setup: TrainingSetup) -> Iterator[Target]:
    """The outputs that are trained on images or on the inputs themselves."""
    for output in setup.outputs:
        target = _target(output)
        if target is not None and target.encoding in RECONSTRUCTION:
            yield target


def is_scaled(target: Target) -> bool:
    """Whether class ids were divided so that the loss no longer finds them: scaled-class-ids reports it.

    Dividing by the largest id gives soft labels from 0 to 1, which a binary cross-entropy takes.
    """
    divisor = value(target.output.labels.divided_by) if target.output.labels.divided_by is not None else None
    if divisor is None or divisor <= 1 or target.family not in {"sparse", "categorical", "binary", "hinge"}:
        return False
    if target.family != "binary":
        return True
    largest = target.high if target.high is not None else _largest_quotient(target.classes, divisor)
    return largest is not None and largest < 1


def _largest_quotient(classes: int | None, divisor: float) -> float | None:
    return (classes - 1) / divisor if classes is not None else None


def _target(output: Output) -> Target | None:
    labels, loss = output.labels, output.loss
    row = knowledge.losses().get(value(loss.name) or "")
    if row is None or row.family in NOT_JUDGED or loss.spelling == "missing" or value(loss.axis) not in (None, -1):
        return None
    encoding = _encoding(output, row.family)
    if encoding is None or not isinstance(loss.name, Known):
        return None
    return Target(
        output=output,
        encoding=encoding,
        loss=loss.name.value,
        family=row.family,
        focal=row.focal,
        units=value(output.head.units),
        classes=value(labels.classes),
        rank=value(labels.rank),
        columns=_columns(output),
        low=value(labels.low),
        high=value(labels.high),
        place=labels.encoding.place or labels.place,
    )


def _encoding(output: Output, family: LossFamily) -> Encoding | None:
    """How the labels are encoded: whole numbers of a known range are class numbers to a sparse loss."""
    labels = output.labels
    if isinstance(labels.encoding, Known):
        return labels.encoding.value
    return "integer" if family == "sparse" and isinstance(labels.high, Known) else None


def _columns(output: Output) -> int | None:
    labels = output.labels
    if value(labels.rank) == 1:
        return 1
    if isinstance(labels.last_axis, Known):
        return labels.last_axis.value
    return 1 if value(labels.encoding) == ONE_COLUMN else None


def _is_reported_for_one_unit(target: Target) -> bool:
    activation = value(target.output.head.activation)
    return target.units == 1 and (
        target.family in {"categorical", "sparse"} or activation in {"softmax", "log_softmax"}
    )
