"""From label values to the Labels fact: what the numbers of a batch prove, and no more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from mllint.facts import Encoding, Fact, Known, Labels, Place, Unknown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.generic]

FEWEST_ROWS: Final = 10
"""Rows of several 0/1 columns from which one 1 in each is taken for one-hot, and not for chance."""

PICTURE_CHANNELS: Final = frozenset({1, 3, 4})
SUM_TOLERANCE: Final = 1e-3
"""How far shares of classes may be from 1 in sum: those of float16 are."""


def read_labels(
    values: Array, place: Place, output_shape: tuple[int, ...], x: Any = None, ignored: int | None = None
) -> Labels:
    """The labels of one output, shape (rows, …), against the shape of its y_pred with the batch axis.

    `ignored` is the class number that the loss skips. The number of classes stays unknown unless there is a column for
    each: a batch need not hold every class.
    """
    import numpy as np

    values = np.asarray(values)
    if values.dtype.name == "bfloat16":
        values = values.astype(np.float32)
    facts = _shape(values, place)
    if values.dtype.kind not in "biuf":
        text: Fact[Encoding] = Known("string", place) if _is_text(values) else Unknown("labels of no number", place)
        return replace(facts, encoding=text)
    if x is not None and _is_same(values, x):
        return replace(facts, encoding=Known("self", place), classes=Unknown("the labels are the input", place))
    seen = values[values != ignored] if ignored is not None else values
    finite = seen[np.isfinite(seen)] if seen.dtype.kind == "f" else seen
    if finite.size == 0:
        return replace(facts, encoding=Unknown("no label of the batch has a value", place))
    encoding = _encoding(values, finite, output_shape, place)
    classes = facts.classes
    if isinstance(encoding, Known) and encoding.value in ("one-hot", "multi-hot", "distribution"):
        classes = Known(int(values.shape[-1]), place)
    return replace(
        facts,
        encoding=encoding,
        classes=classes,
        low=Known(float(finite.min()), place),
        high=Known(float(finite.max()), place),
    )


def _shape(values: Array, place: Place) -> Labels:
    unseen = Unknown("the labels are no numbers", place)
    return Labels(
        encoding=unseen,
        classes=Unknown("a batch need not hold every class", place),
        rank=Known(values.ndim, place),
        last_axis=Known(int(values.shape[-1]), place)
        if values.ndim > 1
        else Unknown("the labels have one axis", place),
        dtype=Known(values.dtype.name, place),
        low=unseen,
        high=unseen,
        place=place,
    )


def _encoding(values: Array, finite: Array, output_shape: tuple[int, ...], place: Place) -> Fact[Encoding]:
    if _has_columns(values, output_shape):
        return _of_columns(values, finite, place)
    return _of_numbers(values, finite, output_shape, place)


def _has_columns(values: Array, output_shape: tuple[int, ...]) -> bool:
    """Whether the last axis holds one value per class: there is such an axis, and it is not that of time or space."""
    return values.ndim > 1 and values.shape[-1] > 1 and not (output_shape and values.ndim == len(output_shape) - 1)


def _of_columns(values: Array, finite: Array, place: Place) -> Fact[Encoding]:
    import numpy as np

    if set(np.unique(finite)) <= {0, 1}:
        return _of_marks(values.sum(axis=-1).ravel(), values.ndim, place)
    if set(np.unique(finite)) <= {-1, 1}:
        return Known("signed", place)
    if finite.min() >= 0 and np.all(np.abs(values.sum(axis=-1, dtype=np.float64) - 1) < SUM_TOLERANCE):
        return Known("distribution", place)
    return Known("image" if _is_picture(values) else "continuous", place)


def _of_marks(ones: NDArray[Any], rank: int, place: Place) -> Fact[Encoding]:
    """The encoding of rows of 0 and 1, from the number of ones in each."""
    if (ones > 1).any():
        return Known("multi-hot", place)
    if (ones == 0).any():
        return Unknown("the rows hold one 1 or none: several classes with few of them, or one class with gaps", place)
    if len(ones) < FEWEST_ROWS:
        return Unknown(f"{len(ones)} rows with one 1 each are too few to tell one-hot from multi-hot", place)
    return Known("one-hot", place)


def _of_numbers(values: Array, finite: Array, output_shape: tuple[int, ...], place: Place) -> Fact[Encoding]:
    import numpy as np

    distinct = np.unique(finite)
    whole = bool(np.all(distinct == np.floor(distinct)))
    if set(distinct) <= {-1, 1} and -1 in distinct:
        return Known("signed", place)
    if set(distinct) <= {0, 1}:
        if len(distinct) == 1:
            return Unknown(f"every label of the batch is {distinct[0]:g}", place)
        return Known("binary", place)
    if _is_picture(values) and not (whole and values.dtype.kind in "iu" and distinct[-1] < 255):
        return Known("image", place)
    if not whole:
        return Known("continuous", place)
    if distinct[0] < 0:
        return Unknown("whole numbers below 0: class numbers with a mark, or numbers to predict", place)
    counts_up = bool(np.array_equal(distinct, np.arange(len(distinct))))
    return Known("integer" if values.dtype.kind in "iu" or counts_up else "continuous", place)


def _is_picture(values: Array) -> bool:
    return values.ndim == 4 and values.shape[-1] in PICTURE_CHANNELS


def _is_text(values: Array) -> bool:
    return values.dtype.kind in "US" or all(isinstance(one, str | bytes) for one in values.ravel()[:FEWEST_ROWS])


def _is_same(values: Array, x: Any) -> bool:
    import numpy as np

    return isinstance(x, np.ndarray) and x.shape == values.shape and bool(np.array_equal(x, values))
