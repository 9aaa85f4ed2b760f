"""Preprocessing layers that make labels."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mllint.facts import Known

LAYERS = [
    ("layers.StringLookup(vocabulary=names)(words)", "integer", None),
    ("layers.StringLookup(vocabulary=names, output_mode='one_hot')(words)", "one-hot", None),
    ("layers.StringLookup(vocabulary=names, output_mode='multi_hot')(words)", "multi-hot", None),
    ("layers.CategoryEncoding(num_tokens=5, output_mode='one_hot')(words)", "one-hot", 5),
    ("layers.CategoryEncoding(5)(np.random.randint(0, 5, size=(100, 3)))", "multi-hot", 5),
    ("layers.CategoryEncoding(5)(np.random.randint(0, 5, size=(100, 1)))", "one-hot", 5),
    ("layers.CategoryEncoding(5)(words)", None, None),
    ("layers.StringLookup(vocabulary=names, output_mode=mode)(words)", None, None),
]


@pytest.mark.parametrize(("labels", "encoding", "classes"), LAYERS, ids=[row[0] for row in LAYERS])
def test_a_layer_says_how_it_encodes(read: Callable, labels: str, encoding: str | None, classes: int | None) -> None:
    (setup,) = read(
        "from data import words, names, mode, x\n"
        "model = keras.Sequential([layers.Dense(5, activation='softmax')])\n"
        f"model.compile(loss='categorical_crossentropy')\nmodel.fit(x, {labels})\n"
    ).setups
    found = setup.outputs[0].labels
    assert (found.encoding.value if isinstance(found.encoding, Known) else None) == encoding
    assert (found.classes.value if isinstance(found.classes, Known) else None) == classes


def test_in_a_model_it_is_a_layer_like_any_other(read: Callable) -> None:
    (setup,) = read("""
        i = keras.Input((1,), dtype='string')
        x = layers.CategoryEncoding(9)(layers.StringLookup(vocabulary=names)(i))
        keras.Model(i, layers.Dense(3)(x)).compile(loss='mse')
    """).setups
    assert setup.outputs[0].head.units == Known(3, setup.outputs[0].head.units.place)


@pytest.mark.parametrize(("computed", "low"), [("(y - 48) / 48", -1.0), ("(y - 10) / 90", None)])
def test_centred_numbers_are_negative_too(read: Callable, computed: str, low: float | None) -> None:
    (setup,) = read(
        "import pandas as pd\ndf = pd.read_csv('a.csv')\ny = df[['a', 'b']].values\n"
        "model = keras.Sequential([layers.Dense(2, activation='relu')])\nmodel.compile(loss='mse')\n"
        f"model.fit(df[['c']].values, {computed})\n"
    ).setups
    found = setup.outputs[0].labels
    assert found.encoding == Known("continuous", found.place)
    assert (found.low.value if isinstance(found.low, Known) else None) == low


def test_distributions_beside_them_do_not_change_the_labels(read: Callable) -> None:
    (setup,) = read(
        "from sklearn.datasets import make_multilabel_classification\n"
        "x, y, _, _ = make_multilabel_classification(n_classes=5, return_distributions=True)\n"
        "model = keras.Sequential([layers.Dense(5, activation='sigmoid')])\n"
        "model.compile(loss='binary_crossentropy')\nmodel.fit(x, y)\n"
    ).setups
    assert setup.outputs[0].labels.encoding == Known("multi-hot", setup.outputs[0].labels.place)
