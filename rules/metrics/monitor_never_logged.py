"""A callback that waits for a figure nobody logs."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Fit, Known, Monitor, TrainingSetup
from mllint.findings import Mark, Problem, Severity
from mllint.rules import Rule, knowledge
from mllint.rules.logged_names import ALWAYS, PREFIX, logged_names, without_counter
from mllint.rules.pairs import value

CONSEQUENCE = {
    "EarlyStopping": "training is never stopped early, or Keras 3 raises",
    "ReduceLROnPlateau": "the learning rate is never reduced",
    "ModelCheckpoint": "with save_best_only nothing is ever saved",
}
SHORT = frozenset({"acc", "accuracy"})


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
    )


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
