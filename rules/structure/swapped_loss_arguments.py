"""A loss called with the prediction where the labels belong."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Swap, TrainingSetup
from mllint.findings import Mark, Problem, Severity
from mllint.repairs import Applicability, Repair, SwapArguments
from mllint.rules import Rule, knowledge

SYMMETRIC = frozenset(
    {
        "mean_squared_error",
        "mean_absolute_error",
        "mean_squared_logarithmic_error",
        "huber",
        "log_cosh",
        "cosine_similarity",
        "dice",
    }
)
"""Losses that return the same either way round."""


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    swap = setup.swap
    if swap is None or swap.loss in SYMMETRIC or knowledge.losses().get(swap.loss) is None:
        return
    yield Problem(
        severity=Severity.ERROR,
        message=f"{swap.loss} called with the prediction first: it takes the prediction for the labels",
        marks=(
            Mark("loss", setup.place, "expects the labels first"),
            Mark("head", swap.prediction, "the prediction is given for the labels"),
            Mark("labels", swap.labels, "the labels are given for the prediction"),
        ),
        help=("swap the two arguments: labels first",),
        repairs=(Repair("give the labels first", _level(swap), (SwapArguments(swap),)),),
    )


def _level(swap: Swap) -> Applicability:
    """A divergence is taken the other way round on purpose, too."""
    return "suggestion" if swap.loss == "kl_divergence" else "safe"


RULE = Rule(
    code="MLL306",
    summary="a loss is called with the prediction where the labels belong",
    since="0.1.0",
    judge=judge,
)
