"""A callback that waits for a figure nobody logs."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Fit, Known, Monitor, TrainingSetup
from mllint.findings import Mark, Problem, Severity
from mllint.repairs import Applicability, Repair, SetMonitor
from mllint.rules import Rule, knowledge
from mllint.rules.views.directions import better
from mllint.rules.views.logged_names import ALWAYS, PREFIX, logged_name, logged_names, without_counter
from mllint.rules.views.pairs import value
from mllint.rules.views.readings import ACCURACY

CONSEQUENCE = {
    "EarlyStopping": "training is never stopped early, or Keras 3 raises",
    "ReduceLROnPlateau": "the learning rate is never reduced",
    "ModelCheckpoint": "with save_best_only nothing is ever saved",
}
SHORT = frozenset({"acc", "accuracy"})
ACCURACIES = frozenset({"binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy"})
"""The metrics that 'accuracy' may come down to."""


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    logged = logged_names(setup)
    for fit in setup.fits:
        for monitor in fit.monitors:
            if monitor.name.startswith(PREFIX) and isinstance(fit.validated, Known) and not fit.validated.value:
                yield _without_validation(fit, monitor)
            elif logged is not None and _is_never_logged(monitor, logged):
                yield _unknown_name(setup, monitor, logged)


def _is_never_logged(monitor: Monitor, logged: frozenset[str]) -> bool:
    """Names of Keras' own metrics only: a callback may watch what another callback logs."""
    name = monitor.name.removeprefix(PREFIX)
    if name in logged or without_counter(name) in logged:
        return False
    return name in SHORT or knowledge.metrics().identify(without_counter(name)) is not None


def _without_validation(fit: Fit, monitor: Monitor) -> Problem:
    return Problem(
        severity=Severity.WARNING,
        message=f"{_short(monitor)} watches '{monitor.name}', and fit has no validation data: {_consequence(monitor)}",
        marks=(
            Mark("evidence", monitor.place, f"waits for '{monitor.name}'"),
            Mark("evidence", fit.place, "logs no val_ figures"),
        ),
        help=("validation_data or validation_split in fit", f"monitor='{monitor.name.removeprefix(PREFIX)}'"),
        repairs=(_watch(monitor, monitor.name.removeprefix(PREFIX), "suggestion"),),
    )


def _unknown_name(setup: TrainingSetup, monitor: Monitor, logged: frozenset[str]) -> Problem:
    prefix = PREFIX if monitor.name.startswith(PREFIX) else ""
    written = _written(setup)
    return Problem(
        severity=_severity(setup, monitor, logged),
        message=f"{_short(monitor)} watches '{monitor.name}', which fit does not log: {_consequence(monitor)}",
        marks=(
            Mark("evidence", monitor.place, f"waits for '{monitor.name}'"),
            *(Mark("metric", metric.place, "what is logged") for metric in setup.outputs[0].metrics[:1]),
        ),
        help=tuple(f"monitor='{prefix}{name}'" for name in (*written, "loss")),
        repairs=_repairs(setup, monitor, prefix, logged),
    )


def _repairs(setup: TrainingSetup, monitor: Monitor, prefix: str, logged: frozenset[str]) -> tuple[Repair, ...]:
    """The one metric of the same kind, if there is one; else whatever fit logs."""
    names = {logged_name(setup, metric): value(metric.name) for metric in setup.outputs[0].metrics}
    wanted = _kind(monitor.name.removeprefix(PREFIX))
    alike = [name for name, metric in names.items() if name is not None and _kind_of(metric) == wanted]
    if len(alike) == 1:
        level: Applicability = "safe" if _severity(setup, monitor, logged) is Severity.WARNING else "unsafe"
        return (_watch(monitor, prefix + alike[0], level),)
    others = [name for name in names if name is not None]
    return tuple(_watch(monitor, prefix + name, "suggestion") for name in (*others, "loss"))


def _watch(monitor: Monitor, name: str, level: Applicability) -> Repair:
    """A mode that is written follows the figure: a loss is best where it is lowest."""
    mode = better(name) if value(monitor.mode) in {"min", "max"} else None
    return Repair(f"watch '{name}'", level, (SetMonitor(monitor, name, mode),))


def _kind(name: str) -> str | None:
    row = knowledge.metrics().identify(without_counter(name))
    return _kind_of(row.name) if row is not None else None


def _kind_of(metric: str | None) -> str | None:
    """The canonical name, one for all accuracies of which Keras may pick."""
    return ACCURACY if metric in ACCURACIES else metric


def _severity(setup: TrainingSetup, monitor: Monitor, logged: frozenset[str]) -> Severity:
    """Before version 2.3 Keras logged 'accuracy' as 'acc': only Keras 3 is sure not to."""
    swapped = monitor.name.removeprefix(PREFIX) in SHORT and bool(SHORT & logged)
    return Severity.INFO if swapped and value(setup.framework) != "keras3" else Severity.WARNING


def _written(setup: TrainingSetup) -> list[str]:
    """The metrics that are given by a string, which is the name they are logged under."""
    places = [metric.place for metric in setup.outputs[0].metrics]
    return [
        one.text for one in setup.identifiers if one.kind == "metric" and one.place in places and one.text not in ALWAYS
    ]


def _short(monitor: Monitor) -> str:
    return monitor.callback.rpartition(".")[2]


def _consequence(monitor: Monitor) -> str:
    return CONSEQUENCE.get(_short(monitor), "it never acts")


RULE = Rule(
    code="MLL514",
    summary="a callback watches a name that fit never logs",
    since="0.1.0",
    judge=judge,
)
