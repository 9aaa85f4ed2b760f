"""Programs that look alike: what is right in them must not be reported, what is wrong must be."""

from __future__ import annotations

import pytest

from mllint.engine import lint_source
from mllint.settings import Settings

IMPORTS = """
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras.utils import to_categorical
from sklearn.datasets import load_iris, make_multilabel_classification
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelBinarizer, LabelEncoder
from sklearn.utils import shuffle
(x, y), (x_test, y_test) = keras.datasets.mnist.load_data()
prices = keras.datasets.boston_housing.load_data()[0][1]
"""


def findings(labels: str, units: int, activation: str | None, loss: str) -> list[str]:
    """Names of the rules that report a model trained on `y`."""
    program = (
        f"{IMPORTS}{labels}\n"
        f"model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense({units}, activation={activation!r})])\n"
        f"model.compile('adam', {loss!r})\n"
        "model.fit(x, y)\n"
    )
    compile(program, "train.py", "exec")
    report = lint_source(program.encode(), "train.py", Settings())
    assert not report.errors
    return [one.rule for one in report.findings]


# ---- numbers as they are written -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "labels",
    [
        "y = np.array([0, 90_000_000, 45_000_000])",
        "y = np.array([0, 1, float('nan')])",
        "y = np.array([0, 1, 1e999])",
        "y = np.array([0, 1, " + "9" * 400 + "])",
        "y = np.array([0, 1, 2]) * 1e999",
        "y = np.zeros(9)\ny[3] = 1e999",
        "y = np.arange(1e999)",
    ],
)
def test_numbers_of_any_size_are_read(labels: str) -> None:
    assert findings(labels, 1, None, "mse") == []


def test_class_numbers_written_out_are_still_counted() -> None:
    assert findings("y = np.array([0, 1, 2, 1, 0])", 1, "sigmoid", "binary_crossentropy") == ["class-ids-on-one-unit"]


# ---- some of the rows ----------------------------------------------------------------------------------------------

TWO_CLASSES = [
    "y = y[y < 2]",
    "y = y[(y == 0) | (y == 1)]",
    "few = y < 2\nx, y = x[few], y[few]",
    "few = y < 2\ny = y[few].astype('float32')",
    "y = y[np.isin(y, [3, 5])] == 3",
    "y = y[np.isin(y, [0, 1])]",
    "y = y[np.logical_or(y == 0, y == 1)]",
    "y = y[np.where(y < 2)]",
    "y = y[np.where(y < 2)[0]]",
    "rows = np.nonzero(y < 2)[0]\nx, y = x[rows], y[rows]",
    "rows = np.flatnonzero(y < 2)\ny = y[rows]",
    "rows = [0, 1, 5]\ny = y[rows]",
    "rows = np.load('rows.npy')\nx, y = x[rows], y[rows]",
    "rows = np.random.choice(np.where(y < 2)[0], 100)\ny = y[rows]",
    "rows = np.random.permutation(np.where(y < 2)[0])\ny = y[rows]",
    "y = y[[i for i, one in enumerate(y) if one < 2]]",
    "y = np.array([one for one in y if one < 2])",
    "y = y[:, np.newaxis]\ny = y[y[:, 0] < 2]",
    "y = y[y.argsort()][:12000]",
    "column = pd.Series(y)\ny = column[column < 2]",
    "column = pd.Series(y)\ny = column.loc[column < 2].values",
    "table = pd.DataFrame({'y': y})\ntable = table[table.y < 2]\ny = table.y.values",
    "table = pd.DataFrame({'y': y})\ntable = table.query('y < 2')\ny = table['y']",
    "table = pd.DataFrame({'y': y})\ntable.query('y < 2', inplace=True)\ny = table['y']",
    "table = pd.DataFrame({'y': y})\ntable = table.drop(table[table.y > 1].index)\ny = table.y",
    "table = pd.DataFrame({'y': y})\ntable.drop(table[table.y > 1].index, inplace=True)\ny = table.y",
    "table = pd.DataFrame({'y': y}).sort_values('y')\ny = table.y[:100]",
    "table = pd.DataFrame({'y': y}).sort_values('y').head(100)\ny = table.y",
    "data = tf.data.Dataset.from_tensor_slices((x, y))\nx, y = data.filter(lambda a, b: b < 2).batch(8), None",
    "x, y = load_iris(return_X_y=True)\nx, y = x[:100], y[:100]",
    "y = load_iris().target[:100]",
    "y = load_iris().target[:100]\ny = LabelEncoder().fit_transform(y)",
    "y = load_iris().target\nencoder = LabelEncoder().fit(y)\ny = encoder.transform(y[:100])",
    "y = pd.Series(load_iris().target).head(100)",
    "x, y = load_iris(return_X_y=True)\nx, _, y, _ = train_test_split(x, y, shuffle=False)",
    "x, y = load_iris(return_X_y=True)\nx, y = tf.data.Dataset.from_tensor_slices((x, y)).take(100).batch(8), None",
    "y = np.concatenate([y[y == 0], y[y == 1]])",
    "few = y < 2\nx, _, y, _ = train_test_split(x[few], y[few])",
    "x, y = shuffle(x[y < 2], y[y < 2])",
    "def pick(x, y):\n    few = y < 2\n    return x[few], y[few]\nx, y = pick(x, y)",
    "y = LabelBinarizer().fit_transform(y[y < 2])",
]


@pytest.mark.parametrize("labels", TWO_CLASSES)
def test_rows_that_are_picked_may_be_of_two_classes(labels: str) -> None:
    assert findings(labels, 1, "sigmoid", "binary_crossentropy") == []


@pytest.mark.parametrize(
    "labels",
    [
        "",
        "y = y[:]",
        "y = y[:1000]",
        "y = y[np.random.permutation(60000)]",
        "x, y = shuffle(x, y)",
        "x, _, y, _ = train_test_split(x, y)",
        "y = y[:1000].astype('float32')",
        "y = np.concatenate([y[:1000], y_test])",
        "y = LabelEncoder().fit_transform(y)[:1000]",
        "table = pd.DataFrame({'y': y})\ny = table.sample(frac=1).y",
        "x, y = tf.data.Dataset.from_tensor_slices((x, y)).take(1000).shuffle(10).batch(8), None",
        "x, y = load_iris(return_X_y=True)",
        "x, _, y, _ = train_test_split(*load_iris(return_X_y=True))",
        "x, y = shuffle(*load_iris(return_X_y=True))\ny = y[:100]",
    ],
)
def test_shuffled_rows_are_still_of_all_classes(labels: str) -> None:
    assert findings(labels, 1, "sigmoid", "binary_crossentropy") == ["class-ids-on-one-unit"]


def test_rows_that_are_picked_keep_their_encoding() -> None:
    rule = "integer-labels-with-categorical-crossentropy"
    assert findings("y = y[y < 5]", 5, "softmax", "categorical_crossentropy") == [rule]


def test_small_numbers_that_are_picked_fit_a_sigmoid() -> None:
    assert findings("y = prices", 1, "sigmoid", "mse") == ["bounded-head-with-unbounded-targets"]
    assert findings("y = prices[prices < 1]", 1, "sigmoid", "mse") == []


# ---- arrays against arrays -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "labels",
    [
        "y = (y[:, None] == np.arange(10)).astype(int)",
        "y = (np.arange(10) == y[:, None]).astype('float32')",
        "y = (np.arange(10)[None] == y.reshape(-1, 1)).astype('float32')",
        "y = (y[:, np.newaxis] == np.arange(10)[np.newaxis, :]) * 1.0",
        "y = (y[:, None] == np.arange(3, 13))",
        "y = to_categorical(y) > 0.5",
        "scores = np.random.rand(60000, 10)\ny = scores == scores.max(axis=1, keepdims=True)",
        "y = (y[:, None] == classes).astype(int)",
    ],
)
def test_class_ids_against_a_row_of_numbers_are_one_hot(labels: str) -> None:
    assert findings(labels, 10, "softmax", "categorical_crossentropy") == []


@pytest.mark.parametrize(
    "labels",
    [
        "y = np.arange(10) < y[:, None]",
        "y = (y > 4)[:, None] | (np.arange(10) == 3)[None]",
        "y = (y > 4)[:, None] & (np.arange(10) == 3)",
        "y = y[:, None] > thresholds",
        "y = (y > 4)[:, None] * np.ones((1, 10))",
    ],
)
def test_a_column_against_a_row_has_many_columns(labels: str) -> None:
    assert findings(labels, 10, "sigmoid", "binary_crossentropy") == []


def test_class_ids_against_a_row_of_numbers_are_too_wide_for_one_unit() -> None:
    labels = "y = (y[:, None] == np.arange(10)).astype(int)"
    assert "one-hot-labels-with-sparse-categorical-crossentropy" in findings(
        labels, 10, "softmax", "sparse_categorical_crossentropy"
    )


@pytest.mark.parametrize("labels", ["y = y > 4", "y = y > y.mean()", "y = (y > 4) & (y_test[:60000] < 9)"])
def test_a_column_of_truth_values_stays_one_column(labels: str) -> None:
    assert findings(labels, 10, "softmax", "categorical_crossentropy") != []


# ---- columns by name -----------------------------------------------------------------------------------------------

PETS = "y = np.array(['cat', 'dog', 'cat'])\n"


@pytest.mark.parametrize(
    "labels",
    [
        "y = pd.get_dummies(y)['dog']",
        "y = pd.get_dummies(pd.Series(y))['dog'].values",
        "y = pd.get_dummies(y).loc[:, 'dog']",
        "y = pd.get_dummies(y).iloc[:, 0]",
        "y = pd.get_dummies(y)[['dog']]",
    ],
)
def test_one_column_of_dummies_is_binary(labels: str) -> None:
    assert findings(PETS + labels, 1, "sigmoid", "binary_crossentropy") == []


def test_all_columns_of_dummies_are_too_many_for_one_unit() -> None:
    assert findings(PETS + "y = pd.get_dummies(y)", 1, "sigmoid", "binary_crossentropy") == ["units-fewer-than-classes"]


def test_one_column_of_dummies_is_too_few_for_two_units() -> None:
    labels = PETS + "y = pd.get_dummies(y)['dog']"
    assert findings(labels, 2, "softmax", "categorical_crossentropy") != []


# ---- written into in place -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "labels",
    [
        "y[y > 1] = 1",
        "np.place(y, y != 3, 0)\nnp.place(y, y == 3, 1)",
        "np.putmask(y, y > 1, 1)",
        "np.copyto(y, y > 1)",
        "np.put(y, np.where(y > 1)[0], 1)",
        "np.clip(y, 0, 1, out=y)",
        "np.clip(y, 0, 1, y)",
        "np.minimum(y, 1, y)",
        "np.mod(y, 2, out=y)",
        "np.mod(y, 2, out=(y,))",
        "y.clip(0, 1, out=y)",
        "y %= 2",
        "other = y\nother[other > 1] = 1",
        "other = y\nother %= 2",
        "flat = y.reshape(-1)\nflat[flat > 1] = 1",
        "flat = y.ravel()\nflat %= 2",
        "part = y[:]\npart[part > 1] = 1",
        "part = y[10:]\ny = y[20:]\npart[part > 1] = 1",
        "column = y.reshape(-1, 1)\ny[y > 1] = 1\ny = column",
        "y.sort()\ny = y[:12000]",
        "def relabel(y):\n    y[y != 3] = 0\n    y[y == 3] = 1\nrelabel(y)",
        "def relabel(labels):\n    labels %= 2\nrelabel(y)",
        "def relabel(labels):\n    np.minimum(labels, 1, out=labels)\nrelabel(y)",
        "for i in range(len(y)):\n    y[i] = 0 if y[i] < 5 else 1",
    ],
)
def test_labels_that_are_changed_in_place_prove_nothing(labels: str) -> None:
    assert findings(labels, 1, "sigmoid", "binary_crossentropy") == []


@pytest.mark.parametrize(
    "labels",
    [
        "y = prices\ny.clip(0, 1, out=y)",
        "y = prices\nnp.divide(y, 50, out=y)",
        "def scale(v):\n    v -= v.min()\n    v /= v.max()\ny = prices\nscale(y)",
    ],
)
def test_numbers_that_are_scaled_in_place_prove_nothing(labels: str) -> None:
    assert findings(labels, 1, "sigmoid", "mse") == []


@pytest.mark.parametrize(
    "labels",
    [
        "ids = y\ny = np.zeros(60000)\ny[ids == 3] = 1\ny = y.reshape(-1, 1)",
        "ids = y\ny = np.zeros((60000, 1))\ny[:30000] = 1\nflat = y.ravel()",
    ],
)
def test_what_is_written_before_shows_in_another_shape(labels: str) -> None:
    assert findings(labels, 2, "softmax", "categorical_crossentropy") != []


@pytest.mark.parametrize(
    "labels",
    [
        "x /= 255",
        "few = y.astype('float32')\nfew[few > 1] = 1",
        "few = y % 2\nfew[few > 0] = 5",
        "y += 1",
        "np.minimum(y, 1)",
    ],
)
def test_writing_into_other_arrays_leaves_the_labels(labels: str) -> None:
    assert findings(labels, 1, "sigmoid", "binary_crossentropy") == ["class-ids-on-one-unit"]


def test_a_view_of_zeros_that_is_written_into() -> None:
    labels = "y = np.zeros((60000, 1))\ny[:9] = 1\nflat = y.ravel()\nflat[flat > 0] = 7"
    assert findings(labels, 2, "softmax", "categorical_crossentropy") == []


# ---- numbers that are certainly measured ---------------------------------------------------------------------------

TABLE = "table = pd.read_csv('table.csv')\n"


@pytest.mark.parametrize(
    "labels",
    [
        TABLE + "y = (table[table.columns[:-1]].values - 48) / 48",
        TABLE + "y = ((table['y'] - 48) / 48).astype('float32')",
        "y = (np.loadtxt('table.csv')[:, 3] - 20) / 80",
        "x = np.arange(0.0, 5.0, 0.1).reshape(-1, 1)\n"
        "y = 5 * np.power(x, 2) + np.power(np.random.randn(50).reshape(-1, 1), 3)",
    ],
)
def test_measured_numbers_are_no_class_numbers(labels: str) -> None:
    assert findings(labels, 10, "softmax", "sparse_categorical_crossentropy") != []


@pytest.mark.parametrize(
    "labels",
    [
        TABLE + "y = (table['y'] + 1) / 2",
        TABLE + "y = (table['y'] - 1) / 2",
        TABLE + "y = table['y'] / 255",
        TABLE + "y = (table['y'] - 127.5) / 127.5",
        TABLE + "y = np.power(table['y'], 2)",
    ],
)
def test_computed_numbers_may_be_class_numbers(labels: str) -> None:
    assert findings(labels, 10, "softmax", "sparse_categorical_crossentropy") == []
