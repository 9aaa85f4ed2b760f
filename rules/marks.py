"""The marks of findings whose place to change lies outside head and loss: labels, metrics, decodings."""

from __future__ import annotations

from mllint.facts import Output, Place
from mllint.findings import Mark, Role
from mllint.rules.evidence import activation_place
from mllint.rules.targets import Target

Side = tuple[Role, "Place | None", str]


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
