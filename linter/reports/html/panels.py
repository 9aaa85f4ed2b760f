"""What the probes measured of one output, as panels of figures and plots: one panel for each question they asked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from mllint.measured import (
    Bounds,
    Devices,
    Elicitation,
    Gradients,
    LabelFit,
    Losses,
    Measured,
    MetricValue,
    Mistake,
    Values,
)
from mllint.reports.html.charts import curve, histogram, number, steps
from mllint.reports.html.page import Figures, Panel

STEPS: Final = 20
"""Bars of the histogram of the gradients."""
REACHED = {
    "inconsistent": "no start leads to the right answer",
    "fragile": "only some starts lead to the right answer",
    "noise-inconsistent": "right for clean labels, wrong for noisy ones",
    "decision-only": "the answers are right, the values are no probabilities",
    "calibrated": "answers and probabilities are right",
}


def panels(measured: Measured) -> Iterator[Panel]:
    """In the order of the questions that a reader asks; what was not measured comes last, with the reasons."""
    if measured.batch is not None:
        yield _values("Outputs for the batch", "What does the model return?", measured.batch)
    if measured.random is not None:
        yield _values("Outputs for random input", "Does it return something else for other input?", measured.random)
    if measured.bounds is not None:
        yield _bounds(measured.bounds)
    if measured.labels is not None:
        yield _labels(measured.labels)
    if measured.raised is not None:
        yield Panel("Loss", "What does training report?", (("Keras raises", measured.raised),))
    if measured.losses is not None:
        yield _losses(measured.losses)
    if measured.gradients is not None:
        yield _gradients(measured.gradients)
    if measured.mistake is not None:
        yield _mistake(measured.mistake)
    if measured.elicitation is not None:
        yield _elicitation(measured.elicitation)
    if measured.metrics:
        yield _metrics(measured.metrics)
    if measured.devices is not None:
        yield _devices(measured.devices)
    if measured.skipped:
        skipped = tuple((one.probe, one.reason) for one in measured.skipped)
        yield Panel("Not measured", "What could not be asked, and why?", skipped)


def _values(title: str, asks: str, values: Values) -> Panel:
    figures = [("lowest and highest", _range(values.low, values.high))]
    figures += [("differs between samples by", number(values.spread))]
    figures += [("sum over the units", _range(*values.row_sums))] if values.row_sums is not None else []
    figures += [("finite", f"{values.finite:.1%}")] if values.finite < 1 else []
    plots = (
        (histogram("outputs", values.counts, steps(values.low, values.high, len(values.counts))),)
        if values.counts
        else ()
    )
    return Panel(title, asks, tuple(figures), plots)


def _bounds(bounds: Bounds) -> Panel:
    figures = (("lowest and highest", _range(bounds.low, bounds.high)),)
    return Panel("Reach of the head", "What can it return, whatever the scores are?", figures)


def _labels(labels: LabelFit) -> Panel:
    figures = [("lowest and highest", _range(labels.low, labels.high))]
    figures += [("sum over the columns", _range(*labels.row_sums))] if labels.row_sums is not None else []
    figures += [("class numbers without a unit", str(labels.without_unit))] if labels.without_unit else []
    figures += [("rows with several classes", f"{labels.several:.1%}")] if labels.several else []
    return Panel("Labels of the batch", "Do they fit the units?", tuple(figures))


def _losses(losses: Losses) -> Panel:
    figures = [("as training reports it", number(losses.training))]
    if losses.of_predictions is not None:
        figures.append(("of what predict() returns", number(losses.of_predictions)))
    if losses.guessing is not None:
        figures.append(("of guessing", number(losses.guessing)))
    return Panel("Loss", "Does training see what predict() returns?", tuple(figures))


def _gradients(gradients: Gradients) -> Panel:
    finite = [norm for norm in gradients.norms if math.isfinite(norm)]
    figures: Figures = (
        ("largest entry", number(gradients.largest)),
        ("finite", "yes" if gradients.finite else "no"),
    )
    low, high = min(finite, default=0.0), max(finite, default=0.0)
    edges = steps(low, high, STEPS)
    counts = [0] * STEPS
    for norm in finite:
        counts[min(int(STEPS * (norm - low) / ((high - low) or 1)), STEPS - 1)] += 1
    plots = (histogram("norm of the gradient, by sample", counts, edges),) if finite else ()
    return Panel("Gradient at the scores", "Is there anything to learn from?", figures, plots)


def _mistake(mistake: Mistake) -> Panel:
    figures = (
        ("computes in", mistake.dtype),
        ("score of the wrong answer too high by", number(mistake.margin)),
        ("loss", number(mistake.loss)),
        ("gradient", number(mistake.gradient)),
    )
    return Panel("A confident mistake in 16 bits", "Does the head learn from it?", figures)


def _elicitation(elicitation: Elicitation) -> Panel:
    figures = [("verdict", REACHED[elicitation.reached])]
    figures += [("starts that get clean labels right", f"{elicitation.clean:.0%}")]
    figures += [("noisy ones too", f"{elicitation.noisy:.0%}")]
    figures += [("distance from the labels' frequencies", number(elicitation.gap))] if elicitation.gap else []
    drawn = curve("loss while the scores move freely", elicitation.curve)
    asks = "Can this head reach the right answer for these labels under this loss?"
    return Panel("Reachability", asks, tuple(figures), (drawn,) if drawn is not None else ())


def _metrics(metrics: Sequence[MetricValue]) -> Panel:
    figures = tuple((one.name, f"{number(one.reported)} reported, {number(one.counted)} counted") for one in metrics)
    return Panel("Metrics", "Do they say what a direct count says?", figures)


def _devices(devices: Devices) -> Panel:
    figures = (
        ("largest difference", f"{number(devices.largest_difference)} ({devices.relative:.2%} of the largest output)"),
        ("other answers", f"{devices.other_answers} of {devices.samples}"),
    )
    return Panel(f"{devices.first} and {devices.second}", "Do both devices compute the same?", figures)


def _range(low: float, high: float) -> str:
    return f"{number(low)} to {number(high)}"
