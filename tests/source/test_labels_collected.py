"""Labels that a program gathers row by row, looks up, or writes into a column."""

from __future__ import annotations

import pytest

from mllint import engine
from mllint.settings import Settings
from tests.source.test_labels import labels_of, value

FOLDERS = """
import os, random
rows = []
for name in ["cat", "dog", "bird"]:
    number = ["cat", "dog", "bird"].index(name)
    for file in os.listdir(name):
        try:
            rows.append([load(file), number])
        except OSError as error:
            pass
random.shuffle(rows)
"""
LOOKED_UP = "ids = {'cat': 0, 'dog': 1, 'bird': 2}\nnames = pd.read_csv('d.csv')['name']\n"
TABLE = "df = pd.read_csv('d.csv')\n"

COLLECTED: list[tuple[str, str, int | None, int]] = [
    # labels, encoding, classes, rank
    (FOLDERS + "y = []\nfor picture, number in rows:\n    y.append(number)\ny = np.array(y)", "integer", 3, 1),
    (FOLDERS + "y = np.array([row[1] for row in rows])", "integer", 3, 1),
    (FOLDERS + "y = np.array([row[1] for row in rows[:-500]])", "integer", 3, 1),
    (LOOKED_UP + "y = np.array([ids[name] for name in names])", "integer", 3, 1),
    (LOOKED_UP + "y = np.array([ids[name] for name in read_names()])", "integer", 3, 1),
    (LOOKED_UP + "y = names.apply(lambda name: ids[name])", "integer", 3, 1),
    (LOOKED_UP + "y = []\nfor name in names:\n    y.append(ids[name])\ny = np.array(y)", "integer", 3, 1),
    ("y = []\nfor n in names():\n    y.append([1, 0])\n    y.append([0, 1])\ny = np.array(y)", "one-hot", 2, 2),
    ("y = []\nfor n in names():\n    if n:\n        y.append([1, 0])\n    else:\n        y.append([0, 1])\n"
     "y = np.array(y)", "one-hot", 2, 2),
    ("y = []\nfor n in names():\n    y.append([1, 1, 0])\n    y.append([0, 1, 0])\ny = np.array(y)", "multi-hot", 3, 2),
    ("ids = np.random.randint(0, 3, 9)\ny = np.zeros((9, 3))\nfor i in range(count()):\n    y[i, ids[i]] = 1",
     "one-hot", 3, 2),
    (TABLE + "df['y'] = 0\ndf.loc[df['a'] > 3, 'y'] = 1\ny = df['y']", "binary", 2, 1),
    (TABLE + "df['y'] = -1\ndf.loc[df['a'] > 3, 'y'] = 1\ny = df['y'].values", "signed", 2, 1),
    (TABLE + "df['y'] = 0\ndf.loc[df['a'] > 3, 'y'] = 1\ndf.loc[df['a'] < 1, 'y'] = -1\ny = df['y']",
     "continuous", None, 1),
    (TABLE + "df['y'] = np.where(df['close'].shift(-1) > df['close'], 1, 0)\ny = df['y']", "binary", 2, 1),
    (TABLE + "df['k'] = preprocessing.StandardScaler().fit_transform(df[['k']])\ny = df['k']", "continuous", None, 1),
    (TABLE + "y = df['k'].astype('category').cat.codes", "integer", None, 1),
    (TABLE + "y = pd.Categorical(df['k']).codes", "integer", None, 1),
    (TABLE + "y = df['close'].pct_change()", "continuous", None, 1),
    (TABLE + "y = np.digitize(df['age'], [20, 40])", "integer", None, 1),
    (TABLE + "y = pd.qcut(df['age'], 4, labels=False)", "integer", None, 1),
    ("y = np.concatenate([np.zeros(len(read())), np.ones(len(read()))])", "binary", 2, 1),
    ("y = np.hstack([np.zeros(len(read())), np.ones(read().shape[0]), np.ones(len(read())) * 2])", "integer", 3, 1),
    ("y = np.concatenate([np.ones(50), -np.ones(50)])", "signed", 2, 1),
    ("y = np.repeat([0, 1, 2], 50)", "integer", 3, 1),
    ("y = np.concatenate([np.repeat(0, 50), np.repeat(1, 50)])", "binary", 2, 1),
    ("y = np.tile([0, 1], 50)", "binary", 2, 1),
    ("words = keras.utils.pad_sequences(read(), maxlen=9)\ny = words[:, -1]", "integer", None, 1),
    ("news = datasets.fetch_20newsgroups()\ny = news.target", "integer", 20, 1),
    ("news = datasets.fetch_20newsgroups(categories=read())\ny = news.target", "integer", None, 1),
    ("from imblearn.over_sampling import SMOTE\ny = np.random.randint(0, 3, 9)\nx, y = SMOTE().fit_resample(x, y)",
     "integer", 3, 1),
]  # fmt: skip


@pytest.mark.parametrize(("labels", "encoding", "classes", "rank"), COLLECTED)
def test_what_is_gathered(labels: str, encoding: str, classes: int | None, rank: int) -> None:
    found = labels_of(labels)
    assert (value(found.encoding), value(found.classes), value(found.rank)) == (encoding, classes, rank)


NOT_PROVEN = [
    "all = [3, 1]\nall.append(read())\ny = []\nfor n in names():\n    y.append(all.index(n))\ny = np.array(y)",
    LOOKED_UP + "ids[read()] = 7\ny = np.array([ids[name] for name in names])",
    LOOKED_UP + "ids.update(read())\ny = np.array([ids[name] for name in names])",
    LOOKED_UP + "y = np.array([ids.get(name, -1) for name in names])",
    LOOKED_UP + "y = []\nfor name in names:\n    y.append(ids[name] if name else read())\ny = np.array(y)",
    "weights = {'a': 1, 'b': 3}\ny = np.array([weights[name] for name in names()])",
    "y = []\nfor name in names():\n    y.append([1, 0] if name else [0, 1])\n    y.append(read())\ny = np.array(y)",
    "y = []\nfor name in names():\n    y.append([0, 1])\ny = np.array(y)",
    "y = []\nfor name in names():\n    y.append([0, 1])\n    y.append([0, 0])\ny = np.array(y)",
    "y = []\nfor name in names():\n    y.append([0, 1])\n    y.append([1, 0, 0])\ny = np.array(y)",
    "y = []\nfor i, name in enumerate(names()):\n    y.append(i)\ny = np.array(y)",
    "y = np.zeros((9, 3))\nfor i in range(count()):\n    y[i, column(i)] = 1",
    TABLE + "df['y'] = -1\ndf.loc[df['a'] > 3, 'y'] = 0\ndf.loc[df['a'] <= 3, 'y'] = 1\ny = df['y']",
    TABLE + "df['y'] = 0\ndf.loc[df['a'] > 3, 'y'] = 1\ndf.loc[df['a'] < 1, 'y'] = 2\ny = df['y']",
    TABLE + "df['y'] = 9\ndf.loc[df['a'] > 3, 'y'] = 1\ndf.loc[df['a'] <= 3, 'y'] = 0\ny = df['y']",
    TABLE + "df['y'] = 0\ndf.loc[df['a'] > 3, 'y'] = df['b']\ny = df['y']",
    TABLE + "df['y'] = 0\ndf.loc[df['a'] > 3, read()] = 1\ny = df['y']",
    TABLE + "df['y'] = 0\ndf.loc[:, 'y'] = 1\ny = df['y']",
    TABLE + "df.loc[df['a'] > 3, 'y'] = 1\ny = df['y']",
    TABLE + "df['k'] = preprocessing.StandardScaler(with_mean=False).fit_transform(df[['k']])\ny = df['k']",
    TABLE + "df['k'] = preprocessing.RobustScaler().fit_transform(df[['k']])\ny = df['k']",
    TABLE + "df['k'] = preprocessing.MinMaxScaler().fit_transform(df[['k']])\ny = df['k']",
    TABLE + "y = pd.cut(df['age'], 4)",
    TABLE + "y = df['close'].shift(-1)",
    "y = np.hstack([np.zeros(shape()), np.ones(shape())])",
    "y = np.repeat([[0, 1], [1, 0]], 50)",
    "y = np.tile([0, 1, 2], (3, 1))",
    "words = keras.utils.pad_sequences(read(), maxlen=9, dtype='float32')\ny = words[:, -1]",
    "words = keras.utils.pad_sequences(read(), maxlen=9)\ny = words",
]


@pytest.mark.parametrize("labels", NOT_PROVEN)
def test_what_is_gathered_and_not_proven_is_unknown(labels: str) -> None:
    assert value(labels_of(labels).encoding) is None


CLASSIFIER = """
import numpy as np
import pandas as pd
from tensorflow import keras
x = load_images()
df = pd.read_csv("d.csv")
{labels}
model = keras.Sequential([keras.layers.Dense({units}, activation="softmax")])
model.compile("adam", "{loss}")
model.fit(x, y)
"""
SPARSE = "sparse_categorical_crossentropy"


def rules_of(labels: str, units: int, loss: str = SPARSE) -> list[str]:
    program = CLASSIFIER.format(labels=labels, units=units, loss=loss)
    return [finding.rule for finding in engine.lint_source(program.encode(), "train.py", Settings()).findings]


FROM_ONE = [
    "y = df['grade'].map({'a': 1, 'b': 2, 'c': 3})",
    "y = np.random.randint(1, 4, 100)",
    "df['y'] = 0\ndf.loc[df['a'] > 3, 'y'] = 1\ndf.loc[df['a'] < 1, 'y'] = 3\ny = df['y']",
]


@pytest.mark.parametrize("labels", FROM_ONE)
def test_class_numbers_that_count_from_one_need_one_more_unit(labels: str) -> None:
    assert rules_of(labels, 3) == ["units-fewer-than-classes"]
    assert rules_of(labels, 4) == []


def test_a_number_that_every_row_may_have_lost_is_no_class_number() -> None:
    labels = "df['y'] = 9\ndf.loc[df['a'] > 3, 'y'] = 1\ndf.loc[df['a'] <= 3, 'y'] = 0\ny = df['y']"
    assert rules_of(labels, 2) == []


@pytest.mark.parametrize("labels", FROM_ONE)
def test_under_another_loss_they_may_be_anything(labels: str) -> None:
    assert rules_of(labels, 3, "categorical_crossentropy") == []


def test_lists_that_grow_are_read_in_rounds() -> None:
    """The second loop appends as often as the first one did, not as often as it is followed."""
    labels = FOLDERS + "y = []\nfor picture, number in rows:\n    y.append(1)\ny = np.array(y)"
    assert value(labels_of(labels).encoding) is None


@pytest.mark.parametrize(
    ("generator", "high"),
    [
        ("ImageDataGenerator()", 255),
        ("ImageDataGenerator(rescale=1 / 255)", None),
        ("ImageDataGenerator(**given)", None),
    ],
)
def test_a_generator_that_is_told_anything_may_rescale(generator: str, high: float | None) -> None:
    labels = f"data = keras.preprocessing.image.{generator}.flow_from_directory('d', class_mode='input')"
    found = labels_of(labels, "model.fit(data)")
    assert (value(found.encoding), value(found.high)) == ("self", high)


def test_a_generator_that_is_told_anything_later_may_rescale() -> None:
    made = "generator = keras.preprocessing.image.ImageDataGenerator()\ngenerator.rescale = 1 / 255\n"
    found = labels_of(made + "data = generator.flow_from_directory('d', class_mode='input')", "model.fit(data)")
    assert (value(found.encoding), value(found.high)) == ("self", None)


def test_pictures_without_labels_may_be_masks_of_zeros_and_ones() -> None:
    folder = "keras.preprocessing.image.ImageDataGenerator().flow_from_directory('{}', class_mode=None)"
    found = labels_of(f"data = zip({folder.format('x')}, {folder.format('y')})", "model.fit(data)")
    assert (value(found.encoding), value(found.high)) == ("image", None)


@pytest.mark.parametrize(
    "labels",
    [
        "y = np.array([1, 2, 3] * 9)\nlast = y == 3\ny[last] = 0",
        "y = np.array([1, 2, 3] * 9)\ny[y == 3] = 0\ny[y == 2] = 0",
        "y = np.array([1, 2, 3] * 9)\ny[y >= 2] = 0",
        "y = np.array([1, 2, 3] * 9)\nif full():\n    y[y == 3] = 0",
        "y = np.full(9, 3)\ny[y == 3] = 0",
        "ids = {'a': 0, 'b': 1, 'other': 9}\ny = np.array([ids[name] for name in names() if name != 'other'])",
    ],
)
def test_what_may_have_been_replaced_or_left_out_is_no_class_number(labels: str) -> None:
    assert rules_of(labels, 2) == []


@pytest.mark.parametrize(
    "labels",
    [
        "y = np.array([1, 2, 3] * 9)\ny[y == 3] = 0",
        "y = pd.Series([1, 2, 3] * 9)\ny[y == 3] = 0",
        "def changed(y):\n    y[y == 3] = 0\n    return y\ny = changed(np.array([1, 2, 3] * 9))",
    ],
)
def test_one_value_is_put_in_place_of_another(labels: str) -> None:
    assert rules_of(labels, 2) == ["units-fewer-than-classes"]
    assert rules_of(labels, 3) == []


def test_a_value_that_is_not_there_is_not_replaced() -> None:
    assert value(labels_of("y = np.array([0, 1, 1] * 9)\ny[y == 3] = 2").encoding) is None
