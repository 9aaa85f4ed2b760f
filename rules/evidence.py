"""The marks of a finding: which places to show, the one to change first."""

from __future__ import annotations

from mllint.facts import Head, Known, Output, Place, TrainingSetup
from mllint.findings import Mark, Role
from mllint.rules.stages import last_activation


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


def _marks(
    setup: TrainingSetup, *sides: tuple[Role, Place | None, str], output: Output | None = None
) -> tuple[Mark, ...]:
    marks = [Mark(role, place, message) for role, place, message in sides if place is not None]
    encoding = output.labels.encoding if output else None
    if output and isinstance(encoding, Known):
        place = encoding.place or output.labels.place
        if place is not None:
            marks.append(Mark("labels", place, f"labels are {encoding.value}"))
    return tuple(marks) or (Mark("loss", setup.place, sides[0][2]),)
