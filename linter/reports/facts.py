"""What a lens understood of one file: for each training setup every fact, or why it is unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click

from mllint.facts import (
    Decoding,
    Fact,
    Fit,
    Head,
    Known,
    Labels,
    Loss,
    Metric,
    Output,
    Place,
    Stage,
    TrainingSetup,
    Unknown,
)
from mllint.findings import Location, Mark
from mllint.lens import Note, Reading
from mllint.reports.concise import where
from mllint.reports.style import plain

Locate = Callable[[Mark], Location]


def render(reading: Reading, locate: Locate) -> Iterator[str]:
    for setup in reading.setups:
        yield from _setup(setup, locate)
        yield ""
    for note in reading.notes:
        yield from _note(note, locate)


def _setup(setup: TrainingSetup, locate: Locate) -> Iterator[str]:
    eagerly = ", run eagerly" if isinstance(setup.run_eagerly, Known) and setup.run_eagerly.value else ""
    tested = ", in a unit test" if setup.in_unit_test else ""
    title = f"{plain(setup.via)} ({_text(setup.framework)}{eagerly}{tested})"
    yield f"{_where(setup.place, locate)}: {click.style(title, bold=True)}"
    for call in setup.called_from:
        yield f"  called from {_where(call, locate)}"
    for assumption in setup.assumptions:
        yield f"  {'where' if assumption.holds else 'where not'} {plain(assumption.condition)}"
    for output in setup.outputs:
        if output.name is not None:
            yield f"  output {plain(output.name)}"
        for name, text, place in described(output):
            yield f"  {name:<8} {text}" + (f"  ({_where(place, locate)})" if place is not None else "")
    for fit in setup.fits:
        yield f"  fit      {_fit(fit)}  ({_where(fit.place, locate)})"


def described(output: Output) -> Iterator[tuple[str, str, Place | None]]:
    """What is known of an output, link by link: the name of the link, the facts in words, and where they stand."""
    yield "head", _head(output.head), output.head.place
    yield "loss", _loss(output.loss), output.loss.place
    yield "labels", _labels(output.labels), output.labels.place
    for metric in output.metrics:
        yield "metric", _metric(metric), metric.place
    for decoding in output.decodings:
        yield "decoding", _decoding(decoding), decoding.place


def _head(head: Head) -> str:
    chain = " → ".join(map(_stage, head.stages))
    summary = f"{_text(head.activation)}, units {_text(head.units)}, {_text(head.dtype)}"
    return f"{summary}: {chain}" if chain else summary


def _stage(stage: Stage) -> str:
    details = [
        f"{name} {_text(fact)}"
        for name, fact in (("units", stage.units), ("axis", stage.axis), ("factor", stage.factor))
        if fact is not None
    ]
    name = stage.symbol.rpartition(".")[2] if stage.activation is None else _text(stage.activation)
    return f"{name}[{', '.join(details)}]" if details else name


def _loss(loss: Loss) -> str:
    details = [
        f"{name} {_text(fact)}"
        for name, fact, default in (
            ("from_logits", loss.from_logits, False),
            ("label_smoothing", loss.label_smoothing, 0),
            ("axis", loss.axis, -1),
        )
        if fact != Known(default, fact.place)
    ]
    return ", ".join([f"{_text(loss.name)} ({plain(loss.spelling)})", *details])


def _labels(labels: Labels) -> str:
    if isinstance(labels.encoding, Unknown):
        return _text(labels.encoding)
    details = (
        ("classes", labels.classes),
        ("rank", labels.rank),
        ("last axis", labels.last_axis),
        ("dtype", labels.dtype),
        ("from", labels.low),
        ("to", labels.high),
    )
    known = [f"{name} {fact.value}" for name, fact in details if isinstance(fact, Known)]
    known += [f"divided by {_text(labels.divided_by)}"] if labels.divided_by is not None else []
    return ", ".join([_text(labels.encoding), *known])


def _metric(metric: Metric) -> str:
    threshold = f", threshold {metric.threshold.value}" if isinstance(metric.threshold, Known) else ""
    passed = "".join(f", {name}={_text(fact)}" for name, fact in metric.arguments)
    return f"{_text(metric.name)} ({plain(metric.spelling)}){passed or threshold}"


def _decoding(decoding: Decoding) -> str:
    details = [f"axis {_text(decoding.axis)}"] if decoding.kind == "argmax" else []
    details += [f"at {_text(decoding.threshold)}"] if decoding.kind == "threshold" else []
    details += [f"item {_text(decoding.index)}"] if decoding.index is not None else []
    return " ".join([decoding.kind, *details])


def _fit(fit: Fit) -> str:
    details = [f"validated {_text(fit.validated)}"]
    details += [f"class_weight {_text(fit.class_weight)}"] if fit.class_weight is not None else []
    details += [
        f"{monitor.callback.rpartition('.')[2]} watches {plain(monitor.name)}, mode {_text(monitor.mode)}"
        for monitor in fit.monitors
    ]
    return ", ".join(details)


def _text(fact: Fact[object]) -> str:
    if isinstance(fact, Known):
        return str(fact.value).lower() if isinstance(fact.value, bool) else plain(str(fact.value))
    return click.style(f"unknown ({plain(fact.reason)})", fg="yellow")


def _note(note: Note, locate: Locate) -> Iterator[str]:
    yield f"{_where(note.place, locate)}: {click.style('not judged', fg='yellow')}: {plain(note.reason)}"


def _where(place: Place, locate: Locate) -> str:
    return where(locate(Mark("evidence", place, "")))
