"""Which way a logged figure improves."""

from __future__ import annotations

from typing import Literal

from mllint.rules import knowledge
from mllint.rules.views.logged_names import PREFIX, without_counter

LARGER_IS_BETTER = frozenset({"thresholded", "argmax", "ranking", "exact", "overlap", "by-shape"})
COUNTS_OF_MISTAKES = frozenset({"false_positives", "false_negatives"})
SIMILARITIES = frozenset({"r2_score", "cosine_similarity", "concordance_correlation", "pearson_correlation"})


def better(logged: str) -> Literal["min", "max"] | None:
    """The mode a callback needs for this name; None for a name that is no figure of Keras, or that depends.

    Cosine similarity is a loss or a metric by the same name, with opposite signs.
    """
    name = without_counter(logged.removeprefix(PREFIX))
    if name == "loss":
        return "min"
    row = knowledge.metrics().identify(name)
    if row is None or row.name in COUNTS_OF_MISTAKES:
        return "min" if row is not None else None
    if row.reads in LARGER_IS_BETTER or row.name in SIMILARITIES - {"cosine_similarity"}:
        return "max"
    return "min" if row.reads in {"regression", "loss"} and row.name not in SIMILARITIES else None
