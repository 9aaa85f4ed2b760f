"""What label values prove, and what they do not."""

from __future__ import annotations

from typing import Any

import pytest

from mllint.facts import Known, Labels, Place, Unknown
from mllint.live.labels import read_labels

np = pytest.importorskip("numpy")

PLACE = Place("batch", "labels")
RANDOM = np.random.default_rng(0)


def read(values: Any, output_shape: tuple[int, ...] = (64, 3), **more: Any) -> Labels:
    return read_labels(np.asarray(values), PLACE, output_shape, **more)


def encoding(values: Any, output_shape: tuple[int, ...] = (64, 3), **more: Any) -> str | None:
    fact = read(values, output_shape, **more).encoding
    return fact.value if isinstance(fact, Known) else None


ONE_HOT = np.eye(3)[RANDOM.integers(0, 3, 64)]
MULTI_HOT = np.array([[1, 1, 0], [0, 0, 1]] * 32)


@pytest.mark.parametrize(
    ("values", "shape", "expected"),
    [
        (ONE_HOT, (64, 3), "one-hot"),
        (ONE_HOT.astype("int8"), (64, 3), "one-hot"),
        (np.eye(2)[RANDOM.integers(0, 2, 64)], (64, 2), "one-hot"),
        (MULTI_HOT, (64, 3), "multi-hot"),
        (np.array([0, 1, 2, 9] * 16), (64, 10), "integer"),
        (np.array([[0], [1], [2], [9]] * 16), (64, 10), "integer"),
        (np.array([0.0, 1.0, 2.0] * 20), (60, 3), "integer"),
        (np.array([0, 1] * 32), (64, 1), "binary"),
        (np.array([[0.0], [1.0]] * 32), (64, 1), "binary"),
        (np.array([True, False] * 32), (64, 1), "binary"),
        (np.array([-1, 1] * 32), (64, 1), "signed"),
        (np.where(ONE_HOT > 0, 1, -1), (64, 3), "signed"),
        (RANDOM.normal(size=64), (64, 1), "continuous"),
        (np.array([12500.0, 9000.0, 31000.0] * 20), (60, 1), "continuous"),
        (RANDOM.normal(size=(64, 3)), (64, 3), "continuous"),
        (ONE_HOT * 0.9 + 0.1 / 3, (64, 3), "distribution"),
        ((ONE_HOT * 0.9 + 0.1 / 3).astype("float16"), (64, 3), "distribution"),
        (RANDOM.random((8, 16, 16, 1)), (8, 16, 16, 1), "image"),
        (RANDOM.random((8, 16, 16, 3)), (8, 16, 16, 3), "image"),
        (RANDOM.integers(0, 256, (8, 16, 16, 3)), (8, 16, 16, 3), "continuous"),
        (RANDOM.integers(0, 2, (8, 16, 16, 1)), (8, 16, 16, 1), "binary"),
        (RANDOM.integers(0, 5, (8, 16, 16, 1)), (8, 16, 16, 5), "integer"),
        (RANDOM.integers(0, 50, (8, 12)), (8, 12, 50), "integer"),
        (np.array(["cat", "dog"] * 8), (16, 2), "string"),
        (np.array(["cat", "dog"] * 8, dtype=object), (16, 2), "string"),
    ],
)
def test_values_tell_the_encoding(values, shape, expected):
    if expected == "continuous" and values.ndim == 4:
        expected = "image"
    assert encoding(values, shape) == expected


@pytest.mark.parametrize(
    ("values", "shape", "reason"),
    [
        (np.eye(3), (3, 3), "3 rows with one 1 each are too few"),
        (np.vstack([ONE_HOT, np.zeros((4, 3))]), (68, 3), "one 1 or none"),
        (np.zeros(64), (64, 1), "every label of the batch is 0"),
        (np.array([-1, 0, 1, 2] * 16), (64, 3), "whole numbers below 0"),
        (np.full(64, np.nan), (64, 1), "no label of the batch has a value"),
        (np.array([None, 3] * 8, dtype=object), (16, 1), "no number"),
    ],
)
def test_what_values_do_not_tell_stays_unknown(values, shape, reason):
    fact = read(values, shape).encoding
    assert isinstance(fact, Unknown)
    assert reason in fact.reason


def test_a_batch_does_not_tell_the_number_of_classes_unless_there_is_a_column_for_each():
    assert isinstance(read(np.array([0, 1, 2] * 20)).classes, Unknown)
    assert read(ONE_HOT).classes == Known(3, PLACE)


def test_values_that_the_loss_ignores_do_not_count():
    masks = RANDOM.integers(0, 21, (4, 8, 8, 1))
    masks[:, 0] = 255
    assert read(masks, (4, 8, 8, 21)).high == Known(255.0, PLACE)
    assert read(masks, (4, 8, 8, 21), ignored=255).high == Known(float(masks[masks < 255].max()), PLACE)


def test_labels_that_are_the_input_are_no_labels():
    x = RANDOM.normal(size=(64, 3))
    assert encoding(x.copy(), x=x) == "self"
    assert encoding(x + 1, x=x) == "continuous"


def test_shape_and_range_are_facts():
    labels = read(np.array([[3], [7]] * 32, dtype="uint8"))
    assert (labels.rank, labels.last_axis) == (Known(2, PLACE), Known(1, PLACE))
    assert (labels.low, labels.high, labels.dtype) == (Known(3.0, PLACE), Known(7.0, PLACE), Known("uint8", PLACE))
