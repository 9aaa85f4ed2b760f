"""Labels followed from where they are made to the call that trains on them."""

from __future__ import annotations

from typing import Any

import pytest

from mllint.facts import Known, Labels, TrainingSetup
from mllint.source.lens import SourceLens
from mllint.source.text.document import read_document

PROGRAM = """
import numpy as np
import pandas as pd
import tensorflow as tf
import tensorflow_datasets as tfds
from tensorflow import keras
from sklearn import datasets, preprocessing
from sklearn.model_selection import KFold, train_test_split
x = load_images()
{labels}
model = keras.Sequential([keras.layers.Dense(10, activation="softmax")])
model.compile("adam", "categorical_crossentropy")
{fit}
"""


def setups(source: str) -> tuple[TrainingSetup, ...]:
    return SourceLens(read_document("train.py", source.encode())).read().setups


def labels_of(labels: str, fit: str = "model.fit(x, y)") -> Labels:
    (setup,) = setups(PROGRAM.format(labels=labels, fit=fit))
    return setup.outputs[0].labels


def value(fact: Any) -> Any:
    return fact.value if isinstance(fact, Known) else None


KNOWN: list[tuple[str, str, int | None, int | None, int | None]] = [
    # labels, encoding, classes, rank, last axis
    ("(x, y), _ = keras.datasets.mnist.load_data()", "integer", 10, 1, None),
    ("(x, y), _ = keras.datasets.cifar10.load_data()", "integer", 10, 2, 1),
    ("(x, y), _ = keras.datasets.cifar10.load_data()\ny = y[:, 0]", "integer", 10, 1, None),
    ("(x, y), _ = keras.datasets.cifar10.load_data()\ny = keras.utils.to_categorical(y)", "one-hot", 10, 2, 10),
    ("(x, y), _ = keras.datasets.cifar10.load_data()\ny = tf.one_hot(y.ravel(), 10)", "one-hot", 10, 2, 10),
    ("(x, y), _ = keras.datasets.mnist.load_data()\ny = y / 255.0", "continuous", 10, 1, None),
    ("(x, y), _ = keras.datasets.imdb.load_data(num_words=1000)", "binary", 2, 1, None),
    ("_, (x, y) = keras.datasets.cifar100.load_data(label_mode='coarse')", "integer", None, 2, 1),
    ("y = keras.utils.to_categorical(read_labels(), 7)", "one-hot", 7, None, 7),
    ("y = np.eye(4)[read_labels()]", "one-hot", 4, None, 4),
    ("y = np.random.randint(0, 2, size=(100, 5))", "multi-hot", 5, 2, 5),
    ("n = 5\ny = np.random.randint(0, 2, size=(100, n)).astype(np.float32)", "multi-hot", 5, 2, 5),
    ("y = np.random.randint(2, size=100)", "binary", 2, 1, None),
    ("y = np.random.randint(2, size=(100, 1))", "binary", 2, 2, 1),
    ("y = np.random.randint(0, 7, 100)", "integer", 7, 1, None),
    ("y = np.random.rand(100, 1)", "continuous", None, 2, 1),
    ("rng = np.random.default_rng(0)\ny = rng.integers(0, 3, size=50)", "integer", 3, 1, None),
    ("y = (np.random.rand(100) > 0.5).astype(int)", "binary", 2, 1, None),
    ("y = np.argmax(np.random.rand(100, 3), axis=1)", "integer", 3, 1, None),
    ("y = np.array([0, 1, 1, 0])", "binary", 2, 1, None),
    ("y = np.array([[0], [1], [1], [0]])", "binary", 2, 2, 1),
    ("y = np.array([[1, 0], [0, 1], [1, 0]])", "one-hot", 2, 2, 2),
    ("y = np.array([[1, 1], [0, 1], [0, 0]])", "multi-hot", 2, 2, 2),
    ("y = np.array([0, 1, 2, 1, 0])", "integer", 3, 1, None),
    ("y = np.array([0.5, 1.5, 2.5])", "continuous", None, 1, None),
    ("y = np.array([0, 1, 1, 0]) * 2 - 1", "signed", 2, 1, None),
    ("y = 2 * keras.utils.to_categorical(read_labels(), 4) - 1", "signed", None, None, 4),
    ("y = np.random.randint(0, 2, size=(100, 5)) * 2 - 1", "signed", None, 2, 5),
    ("y = np.array(['a', 'b', 'a'])", "string", 2, 1, None),
    ("y = preprocessing.LabelEncoder().fit_transform(np.array(['a', 'b', 'c']))", "integer", 3, 1, None),
    ("y = preprocessing.LabelBinarizer().fit_transform(datasets.load_iris().target)", "one-hot", 3, 2, 3),
    ("y = preprocessing.MultiLabelBinarizer().fit_transform(read_tags())", "multi-hot", None, 2, None),
    ("x, y = datasets.load_iris(return_X_y=True)", "integer", 3, 1, None),
    ("x, y = datasets.make_classification(n_samples=50)", "binary", 2, 1, None),
    ("x, y = datasets.make_classification(n_samples=50, n_classes=4)", "integer", 4, 1, None),
    ("x, y = datasets.make_multilabel_classification()", "multi-hot", 5, 2, 5),
    ("x, y = datasets.make_regression()", "continuous", None, 1, None),
    ("df = pd.read_csv('d.csv')\ny = pd.get_dummies(df['species'])", "one-hot", None, 2, None),
    ("df = pd.read_csv('d.csv')\ny = keras.utils.to_categorical(df.species, 3)", "one-hot", 3, 2, 3),
    ("df = pd.read_csv('d.csv')\ny = df['sex'].map({'m': 0, 'f': 1})", "binary", 2, 1, None),
    ("df = pd.read_csv('d.csv')\ndf['k'] = preprocessing.LabelEncoder().fit_transform(df['k'])\ny = df.pop('k')",
     "integer", None, 1, None),
    ("y = np.zeros((100, 3))\nids = np.random.randint(0, 3, 100)\ny[np.arange(100), ids] = 1", "one-hot", 3, 2, 3),
    ("ids = np.random.randint(0, 3, 100)\ny = np.zeros((100, 3))\nfor i, one in enumerate(ids):\n    y[i, one] = 1.0",
     "one-hot", 3, 2, 3),
    ("y = np.zeros(100)\ny[50:] = 1", "binary", 2, 1, None),
    ("y = np.concatenate([np.zeros(50), np.ones(50)])", "binary", 2, 1, None),
    ("y = []\nfor name in names():\n    y.append(0 if name else 1)\ny = np.array(y)", "binary", 2, 1, None),
    ("def load():\n    return read(), keras.utils.to_categorical(read(), 3)\nx, y = load()", "one-hot", 3, None, 3),
    ("a, y = datasets.make_blobs(centers=3)\nx, _, y, _ = train_test_split(a, y)", "integer", 3, 1, None),
]  # fmt: skip


@pytest.mark.parametrize(("labels", "encoding", "classes", "rank", "last_axis"), KNOWN)
def test_what_makes_the_labels(
    labels: str, encoding: str, classes: int | None, rank: int | None, last_axis: int | None
) -> None:
    found = labels_of(labels)
    read = (value(found.encoding), value(found.classes), value(found.rank), value(found.last_axis))
    assert read == (encoding, classes, rank, last_axis)


UNKNOWN = [
    "y = read_labels()",
    "y = pd.read_csv('d.csv')['target']",
    "y = np.loadtxt('d.csv')[:, 8]",
    "y = np.zeros((100, 1))",
    "y = np.empty(100)\ny[:50] = 1\ny[50:] = 2",
    "y = np.zeros(100)\ny[:50] = 1\ny[50:] = 2",
    "y = np.zeros(0)\nfor name in names():\n    y = np.append(y, np.ones(5))",
    "y = np.array([0, 1, 1, 0]).reshape(shape())",
    "y = np.ones(100)",
    "y = np.array([1, 2, 3, 4])",
    "y = keras.utils.to_categorical(read(), 3) * 0.9 + 0.05",
    "y = 1 - keras.utils.to_categorical(read(), 3)",
    "y = np.array([0, 1, 2, 3])",
    "y = np.arange(10)",
    "y = np.zeros((10, 3))\nfor i, tags in enumerate(read_tags()):\n    for tag in tags:\n        y[i, tag] = 1",
    "y = np.zeros((10, 3))\nfor i, tags in enumerate(read_tags()):\n    y[i, tags] = 1",
    "y = np.random.randint(0, 2, (10, 3))\ny[0, 0] = 5",
    "y = np.array([0, 1, 1])\nother = y\nother[read()] = read()",
    "y = preprocessing.LabelBinarizer().fit_transform(read())",
    "y = preprocessing.LabelBinarizer().fit_transform(preprocessing.LabelEncoder().fit_transform(read()))",
    "y = pd.get_dummies(pd.read_csv('d.csv'))",
    "y = pd.get_dummies(pd.read_csv('d.csv')['a'], drop_first=True)",
    "y = tf.one_hot(read(), 3, on_value=5.0)",
    "y = tf.one_hot(read(), 3, axis=1)",
    "y = keras.utils.to_categorical(keras.utils.to_categorical(read(), 3))",
    "y = np.random.randint(0, n_classes(), 10)",
    "y = np.random.randint(1, 4, 10)",
    "y = np.random.randint(0, 2, shape())",
    "y = np.random.randint(0, 2, (10, 5, 3))",
    "y = np.ones((32, 1)) + 0.05 * np.random.rand(32, 1)",
    "y = np.random.rand(10).astype(int)",
    "y = keras.utils.to_categorical(read(), 3).reshape(-1, 1)",
    "y = []\nfor name in names():\n    y.append(0)\ny = np.array(y)",
    "y = []\nfor name in names():\n    y.append(label_of(name))\ny = np.array(y)",
    "df = pd.read_csv('d')\ndf['y'] = (df['a'] > 0) * 1\nfor c in df.columns:\n    df[c] = f(df[c])\ny = df['y']",
    "y = np.array([0, 1, 1])\nif read():\n    y = np.array([[1, 0], [0, 1], [0, 1]])",
]


@pytest.mark.parametrize("labels", UNKNOWN)
def test_what_is_not_proven_is_unknown(labels: str) -> None:
    assert value(labels_of(labels).encoding) is None


STREAMS: list[tuple[str, str, int | None, int | None]] = [
    # data, encoding, rank, last axis
    ("tf.data.Dataset.from_tensor_slices((x, keras.utils.to_categorical(y, 3))).batch(8)", "one-hot", 2, 3),
    ("tf.data.Dataset.from_tensor_slices((x, y)).shuffle(9).map(lambda a, b: (a, tf.one_hot(b, 3))).batch(8)",
     "one-hot", 2, 3),
    ("tf.data.Dataset.from_tensor_slices((x, y)).batch(8).prefetch(1)", "integer", 1, None),
    ("tf.data.Dataset.zip((tf.data.Dataset.from_tensor_slices(x), tf.data.Dataset.from_tensor_slices(y))).batch(2)",
     "integer", 1, None),
    ("keras.utils.image_dataset_from_directory('d')", "integer", 1, None),
    ("keras.utils.image_dataset_from_directory('d', label_mode='binary')", "binary", 2, 1),
    ("keras.utils.image_dataset_from_directory('d', label_mode='categorical', class_names=['a', 'b', 'c'])",
     "one-hot", 2, 3),
    ("keras.preprocessing.image.ImageDataGenerator().flow_from_directory('d')", "one-hot", 2, None),
    ("keras.preprocessing.image.ImageDataGenerator().flow_from_directory('d', class_mode='binary')",
     "binary", 1, None),
    ("keras.preprocessing.image.ImageDataGenerator().flow_from_directory('d', class_mode='sparse')",
     "integer", 1, None),
    ("keras.preprocessing.image.ImageDataGenerator().flow_from_directory('d', class_mode='input')", "self", 4, None),
    ("keras.preprocessing.image.ImageDataGenerator().flow(x, keras.utils.to_categorical(y, 3))", "one-hot", 2, 3),
    ("tfds.load('mnist', split='train', as_supervised=True).batch(32)", "integer", 1, None),
    ("generate()", "one-hot", 2, 3),
    ("Batches()", "one-hot", 2, 3),
]  # fmt: skip

PIPELINES = """
y = np.random.randint(0, 3, 100)
def generate():
    while True:
        yield x, keras.utils.to_categorical(y, 3)
class Batches(keras.utils.Sequence):
    def __getitem__(self, index):
        return x, keras.utils.to_categorical(y, 3)
data = {data}
"""


@pytest.mark.parametrize(("data", "encoding", "rank", "last_axis"), STREAMS)
def test_batches_carry_their_labels(data: str, encoding: str, rank: int | None, last_axis: int | None) -> None:
    found = labels_of(PIPELINES.format(data=data), "model.fit(data)")
    assert (value(found.encoding), value(found.rank), value(found.last_axis)) == (encoding, rank, last_axis)


@pytest.mark.parametrize(
    "data",
    [
        "keras.utils.image_dataset_from_directory('d', label_mode=None)",
        "keras.preprocessing.image.ImageDataGenerator().flow_from_dataframe(df)",
        "tfds.load('unheard_of', split='train', as_supervised=True)",
        "tf.data.TFRecordDataset('f')",
        "tf.data.Dataset.from_tensor_slices((x, y)).map(parse)",
    ],
)
def test_batches_of_unknown_labels(data: str) -> None:
    assert value(labels_of(PIPELINES.format(data=data), "model.fit(data)").encoding) is None


@pytest.mark.parametrize(
    ("labels", "fit"),
    [
        ("", "model.fit(x, x)"),
        ("(x, _), _ = keras.datasets.mnist.load_data()\nx = x / 255.0", "model.fit(x, x)"),
        ("x = np.random.rand(9, 9)\nnoisy = x + 0.1 * np.random.normal(size=x.shape)", "model.fit(noisy, x)"),
        ("x = np.random.rand(9, 9)", "model.fit(x.reshape(-1, 9, 1), x)"),
    ],
)
def test_a_model_trained_on_its_own_input(labels: str, fit: str) -> None:
    assert value(labels_of(labels, fit).encoding) == "self"


@pytest.mark.parametrize(
    ("labels", "fit"),
    [
        ("data = np.random.rand(9, 9)\nx, y = data[:, :8], data[:, 8]", "model.fit(x, y)"),
        ("x = np.random.rand(9)\ny = 3 * x + 2", "model.fit(x, y)"),
    ],
)
def test_targets_computed_from_the_input_are_not_the_input(labels: str, fit: str) -> None:
    assert value(labels_of(labels, fit).encoding) == "continuous"


def test_zeros_and_ones_that_are_drawn_are_no_truth_values() -> None:
    assert value(labels_of("y = np.random.randint(0, 2, size=60)").dtype) is None
    assert value(labels_of("y = np.random.rand(60) > 0.5").dtype) == "bool"


def test_divided_class_ids_tell_by_what() -> None:
    found = labels_of("(x, y), _ = keras.datasets.mnist.load_data()\ny = y.astype('float32') / 255")
    assert (value(found.divided_by), value(found.low), value(found.high)) == (255, 0, 9 / 255)


def test_each_compile_has_the_labels_of_the_fits_before_the_next() -> None:
    found = setups(
        PROGRAM.format(
            labels="a = keras.utils.to_categorical(x, 3)\nb = np.random.rand(9)",
            fit="model.fit(x, a)\nmodel.compile('adam', 'mse')\nmodel.fit(x, b)",
        )
    )
    assert [value(setup.outputs[0].labels.encoding) for setup in found] == ["one-hot", "continuous"]


def test_fits_that_contradict_each_other_prove_nothing() -> None:
    found = labels_of("a = keras.utils.to_categorical(x, 3)\nb = np.random.rand(9)", "model.fit(x, a)\nmodel.fit(x, b)")
    assert value(found.encoding) is None


def test_a_later_binding_of_the_name_does_not_reach_back() -> None:
    found = labels_of("y = np.random.rand(9)", "model.fit(x, y)\ny = keras.utils.to_categorical(x, 3)")
    assert value(found.encoding) == "continuous"


def test_sizes_of_data_are_numbers_of_the_program() -> None:
    (setup,) = setups(
        """
import keras, numpy as np
(x, y), _ = keras.datasets.mnist.load_data()
y = keras.utils.to_categorical(y)
model = keras.Sequential([keras.layers.Dense(y.shape[1], activation="softmax")])
model.compile("adam", "categorical_crossentropy")
"""
    )
    assert value(setup.outputs[0].head.units) == 10


def test_labels_of_a_loss_called_in_a_loop() -> None:
    (setup,) = setups(
        """
import tensorflow as tf
from tensorflow import keras
(x, y), _ = keras.datasets.mnist.load_data()
model = keras.Sequential([keras.layers.Dense(10)])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
for images, labels in tf.data.Dataset.from_tensor_slices((x, y)).batch(32):
    value = loss(labels, model(images))
"""
    )
    assert value(setup.outputs[0].labels.encoding) == "integer"


def test_labels_of_several_outputs_are_told_apart() -> None:
    (setup,) = setups(
        """
import numpy as np
from tensorflow import keras
inputs = keras.Input((4,))
a = keras.layers.Dense(1, name="a")(inputs)
b = keras.layers.Dense(3, activation="softmax", name="b")(inputs)
model = keras.Model(inputs, [a, b])
model.compile("adam", loss=["mse", "categorical_crossentropy"])
model.fit(read(), [np.random.rand(9), keras.utils.to_categorical(read(), 3)])
"""
    )
    assert [value(output.labels.encoding) for output in setup.outputs] == ["continuous", "one-hot"]
