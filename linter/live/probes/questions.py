"""What a head is asked: labels of known frequencies in the form of the batch's own, and which answers are right.

For one input whose label follows known frequencies, the best answer is known too. Clean labels are those of which one
answer is right nearly always; noisy ones leave it at the likeliest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.floating[Any]]
    Array: TypeAlias = NDArray[np.generic]

Sort: TypeAlias = Literal["one", "several", "yes-no", "numbers"]
"""One class of several; any number of them; one label that is 0 or 1; numbers."""

DRAWS: Final = 40
"""Labels that stand for the frequencies."""
MOST_OTHERS: Final = 8
"""Classes that clean labels give one draw each besides the right one."""
NOISY_SHARE: Final = 0.45
"""Frequency of the right class in noisy labels of three classes and more, before rounding."""
CLEAN_YES: Final = (0.9, 0.1)
NOISY_YES: Final = (0.7, 0.3)
CLEAN_PATTERNS: Final = ((0.9, 0.1), (0.1, 0.9, 0.9), (0.1,))
NOISY_PATTERNS: Final = ((0.8, 0.3, 0.65, 0.1, 0.2), (0.2, 0.1, 0.65, 0.3, 0.8))
"""How often each class applies, repeated over the columns: some, most and none of them."""
LARGEST_NUMBER: Final = 20.0
"""Targets beyond this are out of reach of the steps that free scores take."""
TOLERANCE: Final = 0.1
"""How far a number may be off, as a share of the targets' standard deviation."""


class NotAsked(Exception):
    """No question can be made of these labels; `str` completes "not measured: …"."""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """Labels to train one output on, and the answer they call for."""

    sort: Sort
    clean: bool
    labels: Floats
    """One label per row: (draws,) or, with columns, (draws, columns)."""
    frequencies: Floats
    """Of each class, or of a 1 in each column; for numbers the target itself."""
    tolerance: float = 0.0
    """For numbers."""


def questions(labels: Array, encoding: str | None, units: int, columns: bool) -> tuple[Question, ...]:
    """The questions for labels of this encoding on so many units; `columns`: the last axis of the labels holds the
    classes. All have the same number of labels. Raises NotAsked."""
    import numpy as np

    values = np.asarray(labels)
    if encoding in ("integer", "binary") and not columns:
        return _ids(values, encoding, units)
    if encoding == "signed":
        return tuple(_signed(question) for question in _marks(np.greater(values, 0), columns, units))
    if encoding in ("one-hot", "multi-hot", "distribution"):
        return _several(values.shape[-1]) if encoding == "multi-hot" else _one(values.shape[-1], rows=True)
    if encoding in ("continuous", "image", "self"):
        return _numbers(values.reshape(-1, values.shape[-1] if columns else 1).astype("float64"), columns)
    raise NotAsked("it is not known what the labels mean")


def _ids(values: Array, encoding: str, units: int) -> tuple[Question, ...]:
    if encoding == "binary":
        return _yes_no() if units == 1 else _one(2, rows=False)
    largest = int(values.max())
    return _one(max(units if units > 1 else 0, largest + 1), rows=False)


def _marks(values: Array, columns: bool, units: int) -> tuple[Question, ...]:
    if not columns:
        return _yes_no()
    exclusive = bool((values.sum(axis=-1) == 1).all())
    return _one(values.shape[-1], rows=True) if exclusive else _several(values.shape[-1])


def _signed(question: Question) -> Question:
    """The same labels as -1 and 1."""
    return Question(question.sort, question.clean, 2 * question.labels - 1, question.frequencies)


# ---------------------------------------------------------------- one class


def _one(classes: int, rows: bool) -> tuple[Question, ...]:
    positions = sorted({0, classes // 2, classes - 1})
    counts = [(True, _clean_counts(classes, position)) for position in positions]
    noisy = _noisy_counts(classes)
    return tuple(_class_question(clean, each, rows) for clean, each in [*counts, (False, noisy), (False, noisy[::-1])])


def _class_question(clean: bool, counts: Array, rows: bool) -> Question:
    import numpy as np

    drawn = np.repeat(np.arange(len(counts)), counts.astype(int))
    labels = np.eye(len(counts))[drawn] if rows else drawn.astype("float64")
    return Question("one", clean, labels, counts / counts.sum())


def _clean_counts(classes: int, position: int) -> Array:
    import numpy as np

    counts = np.zeros(classes, int)
    if classes <= 3:
        counts[:] = DRAWS // (10 * (classes - 1)) if classes > 1 else 0
    else:
        counts[np.linspace(0, classes - 1, min(classes, MOST_OTHERS + 1)).astype(int)] = 1
    counts[position] = 0
    counts[position] = DRAWS - counts.sum()
    return counts


def _noisy_counts(classes: int) -> Array:
    import numpy as np

    counts = np.zeros(classes, int)
    right = classes // 3
    if classes == 2:
        counts[:] = (28, 12)
        return counts
    others = [one for one in np.unique(np.linspace(0, classes - 1, min(classes, 11)).astype(int)) if one != right]
    spread = round((1 - NOISY_SHARE) * DRAWS / len(others)) if len(others) < 3 else 2
    counts[others] = spread
    counts[right] = DRAWS - counts.sum()
    return counts


# ---------------------------------------------------------------- several classes, yes or no


def _several(columns: int) -> tuple[Question, ...]:
    import numpy as np

    random = np.random.RandomState(0)
    found = []
    for clean, patterns in ((True, CLEAN_PATTERNS), (False, NOISY_PATTERNS)):
        for pattern in patterns:
            shares = np.resize(pattern, columns)
            drawn = [random.permutation(np.arange(DRAWS) < round(share * DRAWS)) for share in shares]
            labels = np.stack(drawn, axis=1).astype("float64")
            found.append(Question("several", clean, labels, labels.mean(axis=0)))
    return tuple(found)


def _yes_no() -> tuple[Question, ...]:
    import numpy as np

    return tuple(
        Question("yes-no", clean, (np.arange(DRAWS) < round(DRAWS * share)).astype("float64"), np.array([share]))
        for clean, shares in ((True, CLEAN_YES), (False, NOISY_YES))
        for share in shares
    )


# ---------------------------------------------------------------- numbers


def _numbers(rows: Floats, columns: bool) -> tuple[Question, ...]:
    """The targets of the batch with the smallest, the middle and the largest mean."""
    import numpy as np

    spread = float(rows.std())
    if spread == 0:
        raise NotAsked("all targets of the batch are the same")
    if float(np.abs(rows).max()) > LARGEST_NUMBER:
        raise NotAsked(f"targets beyond {LARGEST_NUMBER:g} are out of reach of the steps that free scores take")
    order = np.argsort(rows.mean(axis=1), kind="stable")
    chosen = [rows[order[at]] for at in (0, len(order) // 2, -1)]
    return tuple(
        Question(
            "numbers",
            True,
            np.repeat(target[None], 4, axis=0) if columns else np.repeat(target, 4),
            target,
            TOLERANCE * spread,
        )
        for target in chosen
    )
