"""Whole programs: several changes in one go, notebooks, line ends, and names under a condition."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mllint.facts import Known
from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting import edits_for
from mllint.fixes.text import applied
from mllint.lens import Reading
from mllint.repairs import Change, SetActivation, SetLabels, SetLoss, SetMetric
from mllint.source.lens import SourceLens
from mllint.source.text.document import read_document
from tests.fixes.rewriting import only_output, rewritten

SEED = Path(__file__).parents[2] / "examples" / "softmax_to_logistic.py"


def to_logistic(reading: Reading) -> Iterator[Change]:
    """Every softmax of a program becomes a logistic head."""
    for setup in reading.setups:
        for output in setup.outputs:
            if output.head.activation.value == "softmax":
                yield SetActivation(output.head, "sigmoid")
                yield SetLoss(output.loss, "binary_crossentropy", False)
            for metric in output.metrics:
                if isinstance(metric.name, Known) and metric.name.value == "accuracy":
                    yield SetMetric(metric, "binary_accuracy", (("name", "accuracy"),))


def test_the_softmax_layers_of_the_article_become_logistic_layers():
    before = SEED.read_text(encoding="utf-8")
    code = [line if not line.startswith("#") else "" for line in before.splitlines(keepends=True)]
    expected = "".join(
        new.replace("activation='softmax'", "activation='sigmoid'")
        .replace("categorical_crossentropy", "binary_crossentropy")
        .replace("metrics=['accuracy']", "metrics=[tf.keras.metrics.BinaryAccuracy(name='accuracy')]")
        if new
        else old
        for old, new in zip(before.splitlines(keepends=True), code, strict=True)
    )
    assert expected.count("BinaryAccuracy") == 5
    assert rewritten(before, lambda reading: tuple(to_logistic(reading)), str(SEED)) == expected


def test_the_labels_of_the_article_become_one_hot_columns():
    before = SEED.read_text(encoding="utf-8")

    def change(reading: Reading) -> tuple[Change, ...]:
        return (SetLabels(reading.setups[0].outputs[0].labels, "one-hot", 10),)

    lines = zip(before.splitlines(), rewritten(before, change, str(SEED)).splitlines(), strict=True)
    assert [pair for pair in lines if pair[0] != pair[1]] == [
        (
            "y_train_onehot = np.random.randint(0, 2, size=(100, num_classes)).astype(np.float32)"
            "  # one-hot encoded labels",
            "y_train_onehot = np.eye(num_classes)[np.random.randint(0, num_classes, size=100)].astype(np.float32)"
            "  # one-hot encoded labels",
        )
    ]


def test_changes_in_cells_of_a_notebook():
    cells = [
        "!pip install keras\nfrom keras.layers import Dense\nfrom keras.models import Sequential",
        "model = Sequential([Dense(3, activation='softmax')])",
        "model.compile('adam', loss='categorical_crossentropy')\nmodel.fit(x, y)",
    ]
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {"cell_type": "code", "source": cell, "metadata": {}, "outputs": [], "execution_count": None}
            for cell in cells
        ],
    }
    lens = SourceLens(read_document("n.ipynb", json.dumps(notebook).encode()))
    output = only_output(lens.read())
    changes = (SetActivation(output.head, "linear"), SetLoss(output.loss, "binary_crossentropy", True))
    assert applied(lens.document.text, edits_for(changes, lens)).splitlines()[1:] == [
        "from keras.layers import Dense",
        "from keras.models import Sequential",
        "from keras.losses import BinaryCrossentropy",
        "model = Sequential([Dense(3)])",
        "model.compile('adam', loss=BinaryCrossentropy(from_logits=True))",
        "model.fit(x, y)",
    ]


def test_the_line_ends_of_the_program_are_kept():
    program = (
        "from keras.layers import Dense\r\nfrom keras.models import Sequential\r\n"
        "model = Sequential([Dense(\r\n    3,\r\n    activation='softmax',\r\n)])\r\n"
        "model.compile('adam', 'categorical_crossentropy')\r\n"
    )

    def changes(reading: Reading) -> tuple[Change, ...]:
        output = only_output(reading)
        return SetActivation(output.head, "linear"), SetLoss(output.loss, "binary_crossentropy", True)

    assert rewritten(program, changes) == (
        "from keras.layers import Dense\r\nfrom keras.models import Sequential\r\n"
        "from keras.losses import BinaryCrossentropy\r\n"
        "model = Sequential([Dense(\r\n    3,\r\n)])\r\n"
        "model.compile('adam', BinaryCrossentropy(from_logits=True))\r\n"
    )


OUTPUTS = (
    "from tensorflow import keras\nx = keras.Input([4])\na = keras.layers.Dense(3, activation='softmax', name='a')(x)\n"
    "b = keras.layers.Dense(1, name='b')(x)\nmodel = keras.Model(x, [a, b])\n"
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("['categorical_crossentropy', 'mse']", "['binary_crossentropy', 'mse']"),
        ("{'a': 'categorical_crossentropy', 'b': 'mse'}", "{'a': 'binary_crossentropy', 'b': 'mse'}"),
        (
            "{'a': keras.losses.CategoricalCrossentropy(), 'b': 'mse'}",
            "{'a': keras.losses.BinaryCrossentropy(), 'b': 'mse'}",
        ),
    ],
)
def test_one_loss_of_several(before, after):
    def change(reading: Reading) -> tuple[Change, ...]:
        return (SetLoss(reading.setups[0].outputs[0].loss, "binary_crossentropy", False),)

    assert (
        rewritten(f"{OUTPUTS}model.compile('adam', {before})\n", change) == f"{OUTPUTS}model.compile('adam', {after})\n"
    )


def with_loss(imports: str) -> str:
    program = f"{imports}model = Sequential([Dense(3)])\nmodel.compile('adam', 'categorical_crossentropy')\n"
    text = rewritten(program, lambda reading: (SetLoss(only_output(reading).loss, "binary_crossentropy", True),))
    assert "model = Sequential([Dense(3)])\n" in text
    return text


def test_a_star_import_brings_the_class():
    imports = "from keras.layers import *\nfrom keras.losses import *\nfrom keras.models import *\n"
    assert with_loss(imports) == (
        f"{imports}model = Sequential([Dense(3)])\nmodel.compile('adam', BinaryCrossentropy(from_logits=True))\n"
    )


def test_imports_under_a_condition_are_left_alone():
    with pytest.raises(Refused, match="under a condition"):
        with_loss(
            "try:\n    from keras.layers import Dense\n    from keras.models import Sequential\n"
            "except ImportError:\n    from tensorflow.keras.layers import Dense\n"
            "    from tensorflow.keras.models import Sequential\n"
        )


def test_a_program_without_imports_is_spelled_as_it_spells():
    program = "model = keras.Sequential([keras.layers.Dense(3)])\nmodel.compile('adam', 'categorical_crossentropy')\n"
    after = rewritten(program, lambda reading: (SetLoss(only_output(reading).loss, "binary_crossentropy", True),))
    assert after.endswith("keras.losses.BinaryCrossentropy(from_logits=True))\n") and "import" not in after


def test_a_parameter_with_the_name_of_a_module_hides_it():
    program = (
        "from tensorflow import keras\nfrom tensorflow.keras import losses\n"
        "def plot(losses):\n    return losses\n"
        "model = keras.Sequential([keras.layers.Dense(3)])\nmodel.compile('adam', 'categorical_crossentropy')\n"
    )
    after = rewritten(program, lambda reading: (SetLoss(only_output(reading).loss, "binary_crossentropy", True),))
    assert after.endswith("'adam', keras.losses.BinaryCrossentropy(from_logits=True))\n")


def test_layers_that_a_model_keeps():
    program = (
        "from tensorflow import keras\n"
        "class Net(keras.Model):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.scores = keras.layers.Dense(3)\n"
        "        self.probabilities = keras.layers.Softmax()\n"
        "    def call(self, x):\n"
        "        return self.probabilities(self.scores(x))\n"
        "model = Net()\nmodel.compile('adam', 'categorical_crossentropy')\n"
    )
    after = rewritten(program, lambda reading: (SetActivation(only_output(reading).head, "linear"),))
    assert after == program.replace("keras.layers.Softmax()", 'keras.layers.Activation("linear")').replace('"', "'")


def test_an_import_comes_in_the_place_of_the_last_one_that_goes():
    imports = "from keras.models import Sequential\nfrom keras.layers import Dense\n"
    last = "from keras.activations import softmax\n"
    program = "model = Sequential([Dense(3, activation=softmax)])\nmodel.compile('adam', 'categorical_crossentropy')\n"

    def changes(reading: Reading) -> Iterator[Change]:
        output = only_output(reading)
        yield SetActivation(output.head, "linear")
        yield SetLoss(output.loss, "categorical_crossentropy", True)

    assert rewritten(imports + last + program, changes).startswith(
        f"{imports}from keras.losses import CategoricalCrossentropy\nmodel = Sequential([Dense(3)])\n"
    )
