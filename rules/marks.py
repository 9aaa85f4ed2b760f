"""The marks of a finding: which places to show, the one to change first."""

from __future__ import annotations

from mllint.facts import Head, Known, Output, Place, TrainingSetup
from mllint.findings import Mark, Role
from mllint.rules.views.stages import last_activation
from mllint.rules.views.targets import Target

Side = tuple[Role, "Place | None", str]


def activation_place(head: Head) -> Place | None:
    """Where the head's last activation is written, or the head itself if that is out of sight."""
    stage = last_activation(head)
    return stage.place if stage else head.place


def loss_first(setup: TrainingSetup, output: Output, loss: str, head: str) -> tuple[Mark, ...]:
    """The loss is the place to change; then the head, then labels that were seen."""
    return _marks(
        setup, ("loss", output.loss.place, loss), ("head", activation_place(output.head), head), output=output
    )


def head_first(setup: TrainingSetup, output: Output, head: str, loss: str) -> tuple[Mark, ...]:
    """The head is the place to change; then the loss, then labels that were seen."""
    return _marks(
        setup, ("head", activation_place(output.head), head), ("loss", output.loss.place, loss), output=output
    )


def stage_first(setup: TrainingSetup, output: Output, stage: Place, here: str, loss: str) -> tuple[Mark, ...]:
    """One stage of the head is the place to change; then the loss."""
    return _marks(setup, ("head", stage, here), ("loss", output.loss.place, loss))


def _marks(setup: TrainingSetup, *sides: Side, output: Output | None = None) -> tuple[Mark, ...]:
    marks = [*_shown(*sides)]
    encoding = output.labels.encoding if output else None
    if output and isinstance(encoding, Known):
        place = encoding.place or output.labels.place
        if place is not None:
            marks.append(Mark("labels", place, f"labels are {encoding.value}"))
    return tuple(marks) or (Mark("loss", setup.place, sides[0][2]),)


# ---------------------------------------------------------------- labels, metrics and decodings


def labels_first(target: Target, labels: str, loss: str, head: str | None = None) -> tuple[Mark, ...]:
    """The labels are the place to change, if they were seen; then the loss, then the head."""
    output = target.output
    head_place = activation_place(output.head) if head else None
    return _shown(("labels", target.place, labels), ("loss", output.loss.place, loss), ("head", head_place, head or ""))


def metric_first(metric: Place, here: str, output: Output, head: str, labels: str | None = None) -> tuple[Mark, ...]:
    """The metric is the place to change; then the head, then labels that were seen."""
    return _shown(("metric", metric, here), *_read(output, head, labels))


def decoding_first(
    decoding: Place, here: str, output: Output, head: str, labels: str | None = None
) -> tuple[Mark, ...]:
    """What is done with the predictions is the place to change; then the head, then labels that were seen."""
    return _shown(("decoding", decoding, here), *_read(output, head, labels))


def _read(output: Output, head: str, labels: str | None) -> tuple[Side, Side]:
    return ("head", activation_place(output.head), head), (
        "labels",
        output.labels.place if labels else None,
        labels or "",
    )


def _shown(*sides: Side) -> tuple[Mark, ...]:
    return tuple(Mark(role, place, message) for role, place, message in sides if place is not None)
