"""A callback that keeps the worst."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Monitor, TrainingSetup
from mllint.findings import Mark, Problem, Severity
from mllint.rules import Rule, knowledge
from mllint.rules.logged_names import PREFIX, without_counter
from mllint.rules.pairs import value

LARGER_IS_BETTER = frozenset({"thresholded", "argmax", "ranking", "exact", "overlap", "by-shape"})
COUNTS_OF_MISTAKES = frozenset({"false_positives", "false_negatives"})
SMALLER_IS_BETTER = frozenset({"loss"})
SIMILARITIES = frozenset({"r2_score", "cosine_similarity", "concordance_correlation", "pearson_correlation"})


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for fit in setup.fits:
        for monitor in fit.monitors:
            better, mode = _better(monitor), value(monitor.mode)
            if better is not None and mode in {"min", "max"} and mode != better:
                yield Problem(
                    severity=Severity.WARNING,
                    message=(
                        f"{monitor.callback.rpartition('.')[2]} with mode='{mode}' on '{monitor.name}': "
                        f"it takes the {'lowest' if mode == 'min' else 'highest'} value for the best"
                    ),
                    marks=(Mark("evidence", monitor.place, f"better is {'higher' if better == 'max' else 'lower'}"),),
                    help=(f"mode='{better}'",),
                )


def _better(monitor: Monitor) -> str | None:
    name = without_counter(monitor.name.removeprefix(PREFIX))
    if name == "loss":
        return "min"
    row = knowledge.metrics().identify(name)
    if row is None or row.name in COUNTS_OF_MISTAKES:
        return "min" if row is not None else None
    if row.reads in LARGER_IS_BETTER or row.name in SIMILARITIES - {"cosine_similarity"}:
        return "max"
    return "min" if row.reads in {"regression", "loss"} and row.name not in SIMILARITIES else None


RULE = Rule(
    code="MLL515",
    summary="a callback takes the worst value of what it watches for the best",
    since="0.1.0",
    judge=judge,
)
