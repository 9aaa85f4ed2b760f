"""Labels encoded otherwise, where the program encodes them in sight."""

from __future__ import annotations

import pytest

from mllint.fixes.refusal import Refused
from mllint.repairs import SetLabels
from tests.fixes.rewriting import only_output, rewritten

IMPORTS = "import numpy as np\nimport tensorflow as tf\nfrom tensorflow import keras\n"
TRAINING = (
    "model = keras.Sequential([keras.layers.Dense(3)])\nmodel.compile('adam', 'mse')\nmodel.fit(x_train, y_train)\n"
)


def changed(program: str, encoding, classes: int | None = None) -> str:
    text = rewritten(
        IMPORTS + program + TRAINING,
        lambda reading: (SetLabels(only_output(reading).labels, encoding, classes),),
    )
    return text.removeprefix(IMPORTS).removesuffix(TRAINING)


LABELS = {
    "one-hot columns are left out": (
        "y_train = keras.utils.to_categorical(ids, 3)\n",
        "integer",
        "y_train = ids\n",
    ),
    "of every part of the data": (
        "(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()\n"
        "y_train = keras.utils.to_categorical(y_train, 10)  # columns\n"
        "y_test = keras.utils.to_categorical(y_test, 10)\n"
        "x_train = keras.utils.to_categorical(x_train, 256)\n",
        "integer",
        "(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()\n"
        "# columns\n"
        "x_train = keras.utils.to_categorical(x_train, 256)\n",
    ),
    "one-hot columns of TensorFlow": (
        "ids = np.random.randint(0, 3, 100)\ny_train = tf.one_hot(ids, depth=3)\n",
        "integer",
        "ids = np.random.randint(0, 3, 100)\ny_train = ids\n",
    ),
    "class numbers become one-hot": (
        "y_train = np.random.randint(0, 3, size=100)\n",
        "one-hot",
        "y_train = keras.utils.to_categorical(np.random.randint(0, 3, size=100), 3)\n",
    ),
    "of every part that is made alike": (
        "y_train = np.random.randint(0, 3, size=100)\ny_test = np.random.randint(0, 3, size=20)\n",
        "one-hot",
        "y_train = keras.utils.to_categorical(np.random.randint(0, 3, size=100), 3)\n"
        "y_test = keras.utils.to_categorical(np.random.randint(0, 3, size=20), 3)\n",
    ),
    "of a data set that is loaded": (
        "(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()  # digits\n",
        "one-hot",
        "(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()  # digits\n"
        "y_train = keras.utils.to_categorical(y_train, 10)\n"
        "y_test = keras.utils.to_categorical(y_test, 10)\n",
    ),
    "of a data set that is made": (
        "from sklearn.datasets import make_moons\nx_train, y_train = make_moons(100)\n",
        "one-hot",
        "from sklearn.datasets import make_moons\nx_train, y_train = make_moons(100)\n"
        "y_train = keras.utils.to_categorical(y_train, 2)\n",
    ),
    "random columns become one-hot": (
        "y_train = np.random.randint(0, 2, size=(100, 3)).astype(np.float32)  # labels\n",
        "one-hot",
        "y_train = np.eye(3)[np.random.randint(0, 3, size=100)].astype(np.float32)  # labels\n",
    ),
    "random columns become class numbers": (
        "classes = 3\ny_train = np.random.randint(2, size=(100, classes))\n",
        "integer",
        "classes = 3\ny_train = np.random.randint(0, classes, size=100)\n",
    ),
    "random class numbers become columns": (
        "y_train = np.random.randint(3, size=(100,))\n",
        "multi-hot",
        "y_train = np.random.randint(0, 2, size=(100, 3))\n",
    ),
    "random one-hot rows become columns": (
        "y_train = np.eye(3)[np.random.randint(0, 3, 100)]\n",
        "multi-hot",
        "y_train = np.random.randint(0, 2, size=(100, 3))\n",
    ),
    "rows of an identity matrix become numbers": (
        "ids = np.random.randint(0, 3, 100)\ny_train = np.eye(3)[ids]\n",
        "integer",
        "ids = np.random.randint(0, 3, 100)\ny_train = ids\n",
    ),
    "signs that are chosen": (
        "z = np.random.rand(9)\ny_train = np.where(z > 0, 1, -1)\n",
        "binary",
        "z = np.random.rand(9)\ny_train = np.where(z > 0, 1, 0)\n",
    ),
    "signs that are written": (
        "y_train = np.array([1, -1, 1, -1])\n",
        "binary",
        "y_train = np.array([1, 0, 1, 0])\n",
    ),
    "signs that are drawn": (
        "y_train = np.random.choice([-1, 1], size=100)\n",
        "binary",
        "y_train = np.random.choice([0, 1], size=100)\n",
    ),
    "signs that are computed": (
        "y_train = 2 * np.random.randint(0, 2, size=100) - 1\n",
        "binary",
        "y_train = np.random.randint(0, 2, size=100)\n",
    ),
    "class numbers that are divided": (
        "y_train = np.random.randint(0, 10, 100) / 10.0\n",
        "integer",
        "y_train = np.random.randint(0, 10, 100)\n",
    ),
    "of every part that is divided": (
        "(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()\n"
        "x_train = x_train / 255\ny_train = y_train / 255\ny_test = y_test / 255\n",
        "integer",
        "(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()\nx_train = x_train / 255\n",
    ),
    "class numbers that are divided in place": (
        "y_train = np.random.randint(0, 10, 100).astype('float')\ny_train /= 10\n",
        "integer",
        "y_train = np.random.randint(0, 10, 100).astype('float')\n",
    ),
}


@pytest.mark.parametrize(("before", "encoding", "after"), LABELS.values(), ids=LABELS)
def test_labels_are_encoded_otherwise(before, encoding, after):
    assert changed(before, encoding) == after


REFUSED = {
    "labels that hold too little": ("y_train = keras.utils.to_categorical(z, 3)\n", "multi-hot", "no other encoding"),
    "labels from elsewhere": ("", "one-hot", "not known"),
    "parts made in another way": (
        "y_train = np.random.randint(0, 3, size=100)\ny_test = np.load('y.npy')\n",
        "one-hot",
        "in another way",
    ),
    "signs set one by one": (
        "y_train = np.random.randint(0, 2, 100)\ny_train[y_train == 0] = -1\n",
        "binary",
        "not written out",
    ),
}


@pytest.mark.parametrize(("program", "encoding", "reason"), REFUSED.values(), ids=REFUSED)
def test_where_the_encoding_cannot_be_written(program, encoding, reason):
    with pytest.raises(Refused, match=reason):
        changed(program, encoding)


LOADERS = [
    (
        "data = keras.utils.image_dataset_from_directory('a')\nrest = keras.utils.image_dataset_from_directory('b')\n",
        "one-hot",
        "data = keras.utils.image_dataset_from_directory('a', label_mode='categorical')\n"
        "rest = keras.utils.image_dataset_from_directory('b', label_mode='categorical')\n",
    ),
    (
        "data = keras.utils.image_dataset_from_directory('a', label_mode='categorical')\n",
        "integer",
        "data = keras.utils.image_dataset_from_directory('a', label_mode='int')\n",
    ),
    (
        "g = keras.preprocessing.image.ImageDataGenerator()\n"
        "data = g.flow_from_directory('a', class_mode='categorical')\n"
        "rest = g.flow_from_directory('b', class_mode='categorical')\n",
        "integer",
        "g = keras.preprocessing.image.ImageDataGenerator()\n"
        "data = g.flow_from_directory('a', class_mode='sparse')\n"
        "rest = g.flow_from_directory('b', class_mode='sparse')\n",
    ),
]


@pytest.mark.parametrize(("before", "encoding", "after"), LOADERS)
def test_loaders_are_told_the_encoding(before, encoding, after):
    training = "model = keras.Sequential([keras.layers.Dense(3)])\nmodel.compile('adam', 'mse')\nmodel.fit(data)\n"
    text = rewritten(
        IMPORTS + before + training, lambda reading: (SetLabels(only_output(reading).labels, encoding, None),)
    )
    assert text == IMPORTS + after + training


def test_to_categorical_is_imported_where_the_program_imports_single_names():
    program = (
        "import numpy as np\nfrom keras.layers import Dense\nfrom keras.models import Sequential\n"
        "y = np.random.randint(0, 3, size=100)\nmodel = Sequential([Dense(3)])\nmodel.compile('adam', 'mse')\n"
        "model.fit(x, y)\n"
    )
    after = rewritten(program, lambda reading: (SetLabels(only_output(reading).labels, "one-hot", 3),))
    assert after.splitlines()[3:5] == [
        "from keras.utils import to_categorical",
        "y = to_categorical(np.random.randint(0, 3, size=100), 3)",
    ]
