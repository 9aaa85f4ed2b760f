"""A metric in the place of another: which one says what was asked for, and under which name.

History, callbacks and the program's own code find a figure by the name it is logged under. So a metric that takes
another's place takes its name too, unless the figure becomes something else altogether: then callbacks that watch it
follow.
"""

from __future__ import annotations

from mllint.facts import Metric, Monitor, TrainingSetup
from mllint.repairs import Change, RemoveMetric, Repair, SetMetric, SetMonitor, Written
from mllint.rules.views.directions import better
from mllint.rules.views.logged_names import PREFIX, logged_name, name_by_default, without_counter
from mllint.rules.views.pairs import value
from mllint.rules.views.readings import Reading

Chosen = tuple[str, tuple[tuple[str, Written], ...]]
"""Canonical name of a metric and the arguments it needs."""

BY_FORM = {"numbers": "sparse_categorical_accuracy", "rows": "categorical_accuracy"}
ERROR_OF_NUMBERS = "mean_absolute_error"


def turning_point(reading: Reading) -> float | None:
    """Where the output turns from no to yes; None where head and loss do not tell."""
    if reading.range == "unit":
        return 0.5
    return 0 if reading.reads_logits else None


def accuracy_of_units(reading: Reading) -> Chosen | None:
    """The accuracy of units that each answer yes or no."""
    point = turning_point(reading)
    if point is None:
        return None
    return "binary_accuracy", () if point == 0.5 else (("threshold", point),)


def accuracy_of_classes(reading: Reading) -> Chosen | None:
    """The accuracy of units of which the largest is the answer; None where the form of the labels is not known."""
    return (BY_FORM[reading.label_form], ()) if reading.label_form is not None else None


def in_its_place(setup: TrainingSetup, metric: Metric, chosen: Chosen) -> SetMetric:
    """Another metric, or other arguments, logged under the name of today."""
    name, arguments = chosen
    kept = logged_name(setup, metric)
    if kept is not None and kept != name_by_default(name) and "name" not in dict(metric.arguments):
        arguments = (("name", kept), *arguments)
    return SetMetric(metric, name, arguments)


def for_numbers(setup: TrainingSetup, reading: Reading) -> tuple[Repair, ...]:
    """What to ask of a head that returns numbers, instead of hits: its error, or nothing."""
    return (*_measures_error(setup, reading), *_without(setup, reading.metric))


def _measures_error(setup: TrainingSetup, reading: Reading) -> tuple[Repair, ...]:
    """Not where the error is measured already, nor where the program gives the figure a name of its own."""
    metric = reading.metric
    measured = {value(one.name) for one in reading.output.metrics}
    if ERROR_OF_NUMBERS in measured or "name" in dict(metric.arguments):
        return ()
    changes: tuple[Change, ...] = (SetMetric(metric, ERROR_OF_NUMBERS), *_follow(setup, metric, ERROR_OF_NUMBERS))
    return (Repair(f"measure the {ERROR_OF_NUMBERS} instead", "suggestion", changes),)


def _without(setup: TrainingSetup, metric: Metric) -> tuple[Repair, ...]:
    """Not where a callback watches it."""
    name = logged_name(setup, metric)
    if name is None or any(_watches(monitor, name) for fit in setup.fits for monitor in fit.monitors):
        return ()
    return (Repair("ask for no accuracy", "suggestion", (RemoveMetric(metric),)),)


def under_its_own_name(setup: TrainingSetup, metric: Metric, chosen: Chosen) -> tuple[Change, ...]:
    """Another metric, logged under its own name; the callbacks that watch the one of today watch it instead."""
    name, arguments = chosen
    if "name" in dict(metric.arguments):
        return (SetMetric(metric, name, arguments),)
    return SetMetric(metric, name, arguments), *_follow(setup, metric, name)


def _follow(setup: TrainingSetup, metric: Metric, new: str) -> tuple[SetMonitor, ...]:
    name = logged_name(setup, metric)
    return tuple(
        SetMonitor(monitor, _prefix(monitor) + new, better(new) if value(monitor.mode) in {"min", "max"} else None)
        for fit in setup.fits
        for monitor in fit.monitors
        if name is not None and _watches(monitor, name)
    )


def _watches(monitor: Monitor, name: str) -> bool:
    return without_counter(monitor.name.removeprefix(PREFIX)) == without_counter(name)


def _prefix(monitor: Monitor) -> str:
    return PREFIX if monitor.name.startswith(PREFIX) else ""
