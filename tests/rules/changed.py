"""What changes make of the facts, so that rules can judge what is left of a problem after its repair.

Only facts are changed here; that the text then reads as these facts is tested where text is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import singledispatch
from typing import Any

from mllint.facts import Fit, Head, Known, Labels, Loss, Metric, Output, Stage, TrainingSetup, Unknown
from mllint.repairs import (
    Change,
    RemoveMetric,
    RemoveStage,
    SetActivation,
    SetArgmax,
    SetDtype,
    SetItem,
    SetLabels,
    SetLoss,
    SetLossArgument,
    SetMetric,
    SetMonitor,
    SetThreshold,
    SetUnits,
    WrapInList,
)
from mllint.rules import knowledge

NOT_GIVEN = Unknown("not given")
ON_OUTPUTS = (
    SetActivation, RemoveStage, SetUnits, SetDtype, SetLoss, SetLossArgument, SetMetric, RemoveMetric, SetThreshold,
    SetArgmax, SetItem, SetLabels,
)  # fmt: skip


def changed(setup: TrainingSetup, changes: Sequence[Change]) -> TrainingSetup:
    """The setup after all changes. Each names the facts as they were before any of them."""
    for kind in {type(change) for change in changes}:
        assert kind in {*ON_OUTPUTS, SetMonitor, WrapInList}, f"no facts tell what {kind.__name__} does"
    outputs = tuple(
        _output(output, [one for one in changes if isinstance(one, ON_OUTPUTS)]) for output in setup.outputs
    )
    return replace(
        setup,
        outputs=outputs,
        fits=tuple(_fit(fit, changes) for fit in setup.fits),
        bare_metrics=None if any(isinstance(one, WrapInList) for one in changes) else setup.bare_metrics,
    )


def _output(output: Output, changes: Sequence[Any]) -> Output:
    head, loss, labels = output.head, output.loss, output.labels
    metrics, decodings = list(output.metrics), list(output.decodings)
    for change in changes:
        if getattr(change, "head", None) == output.head:
            head = on_head(change, head)
        elif getattr(change, "loss", None) == output.loss:
            loss = on_loss(change, loss)
        elif getattr(change, "labels", None) == output.labels:
            labels = _encoded(labels, change)
        elif getattr(change, "metric", None) in output.metrics:
            place = output.metrics.index(change.metric)
            metrics[place] = _other(change) if isinstance(change, SetMetric) else None  # type: ignore[call-overload]
        elif getattr(change, "decoding", None) in output.decodings:
            place = output.decodings.index(change.decoding)
            decodings[place] = on_decoding(change)
    kept = tuple(metric for metric in metrics if metric is not None)
    return replace(output, head=head, loss=loss, labels=labels, metrics=kept, decodings=tuple(decodings))


# ---------------------------------------------------------------- head


@singledispatch
def on_head(change: Any, head: Head) -> Head:
    raise NotImplementedError(type(change))


@on_head.register
def _(change: SetActivation, head: Head) -> Head:
    """The last activation is the one that is set; a linear one is no stage."""
    acting = [number for number, stage in enumerate(head.stages) if stage.role == "activation"]
    stages = list(head.stages)
    end = acting[-1] if acting else len(stages)
    stages[end : end + 1] = [] if change.activation == "linear" else [_stage(change.activation, head)]
    return replace(head, activation=Known(change.activation), stages=tuple(stages))


def _stage(activation: str, head: Head) -> Stage:
    assert head.place is not None
    return Stage("activation", f"keras.activations.{activation}", head.place, activation=Known(activation))


@on_head.register
def _(change: RemoveStage, head: Head) -> Head:
    stages = tuple(stage for stage in head.stages if stage != change.stage)
    left = [stage.activation for stage in stages if stage.role == "activation" and stage.activation is not None]
    opaque = any(stage.role in {"opaque", "arithmetic", "pool"} for stage in stages)
    return replace(
        head, activation=head.activation if opaque else (left[-1] if left else Known("linear")), stages=stages
    )


@on_head.register
def _(change: SetUnits, head: Head) -> Head:
    units = Known(change.units)
    stages = tuple(replace(stage, units=units) if stage.role == "scores" else stage for stage in head.stages)
    return replace(head, units=units, stages=stages)


@on_head.register
def _(change: SetDtype, head: Head) -> Head:
    return replace(head, dtype=Known(change.dtype))


# ---------------------------------------------------------------- loss and labels


@singledispatch
def on_loss(change: Any, loss: Loss) -> Loss:
    raise NotImplementedError(type(change))


@on_loss.register
def _(change: SetLoss, loss: Loss) -> Loss:
    """What the new loss does not know goes: smoothing, of class numbers."""
    row = knowledge.losses().get(change.name)
    assert row is not None
    smooths = any("label_smoothing" in spelling.signature.parameters for spelling in row.spellings)
    return replace(
        loss,
        name=Known(change.name),
        from_logits=Known(change.from_logits),
        label_smoothing=loss.label_smoothing if smooths else Known(0.0),
        axis=Known(-1),
        spelling="instance" if change.from_logits else "string",
    )


@on_loss.register
def _(change: SetLossArgument, loss: Loss) -> Loss:
    default = {"from_logits": False, "label_smoothing": 0.0, "axis": -1}[change.parameter]
    value: Any = default if change.value is None else change.value
    given: dict[str, Any] = {change.parameter: Known(value)}
    return replace(loss, **given)


def _encoded(labels: Labels, change: SetLabels) -> Labels:
    rows = change.encoding in {"one-hot", "multi-hot"}
    columns = labels.last_axis if change.classes is None else Known(change.classes)
    return replace(
        labels,
        encoding=Known(change.encoding),
        classes=labels.classes if change.classes is None else Known(change.classes),
        rank=Known(2) if rows else Known(1),
        last_axis=columns if rows else NOT_GIVEN,
        low=Known(0.0),
        high=Known(1.0) if rows or change.encoding == "binary" else NOT_GIVEN,
        divided_by=None,
    )


# ---------------------------------------------------------------- metrics, decodings, callbacks


def _other(change: SetMetric) -> Metric:
    """Arguments of today that the new metric knows stay, but for those that are set; None takes one away."""
    row = knowledge.metrics().get(change.name)
    assert row is not None, change.name
    known = {parameter for spelling in row.spellings for parameter in spelling.signature.parameters}
    asked = {name for name, _ in change.arguments}
    assert asked <= known, f"{change.name} takes no {asked - known}"
    kept = {name: fact for name, fact in change.metric.arguments if name in known - asked}
    given = kept | {name: Known(value) for name, value in change.arguments if value is not None}
    threshold = given.get("threshold") or given.get("thresholds")
    default = Unknown("it has no threshold") if row.threshold is None else Known(row.threshold)
    return Metric(
        name=Known(change.name),
        threshold=threshold or default,
        from_logits=given.get("from_logits", Known(False)),
        spelling="instance",
        place=change.metric.place,
        arguments=tuple(given.items()),
    )


@singledispatch
def on_decoding(change: Any) -> Any:
    raise NotImplementedError(type(change))


@on_decoding.register
def _(change: SetThreshold) -> Any:
    return replace(change.decoding, kind="threshold", axis=NOT_GIVEN, threshold=Known(change.threshold))


@on_decoding.register
def _(change: SetArgmax) -> Any:
    return replace(change.decoding, kind="argmax", axis=Known(change.axis), threshold=NOT_GIVEN)


@on_decoding.register
def _(change: SetItem) -> Any:
    return replace(change.decoding, index=Known(change.index))


def _fit(fit: Fit, changes: Sequence[Change]) -> Fit:
    monitors = list(fit.monitors)
    for change in changes:
        if isinstance(change, SetMonitor) and change.monitor in fit.monitors:
            mode = change.monitor.mode if change.mode is None else Known(change.mode)
            monitors[fit.monitors.index(change.monitor)] = replace(change.monitor, name=change.name, mode=mode)
    return replace(fit, monitors=tuple(monitors))
