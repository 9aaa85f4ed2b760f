"""Losses and their arguments, in every way that programs write them."""

from __future__ import annotations

import pytest

from mllint.fixes.refusal import Refused
from mllint.repairs import SetActivation, SetLoss, SetLossArgument
from tests.fixes.rewriting import only_output, rewritten

MODEL = "model = keras.Sequential([keras.layers.Dense(3, activation='softmax')])\n"


def changed(program: str, name: str, from_logits: bool) -> str:
    return rewritten(program, lambda reading: (SetLoss(only_output(reading).loss, name, from_logits),))


def in_place(before: str, after: str, name: str, from_logits: bool, imports: str, new_imports: str = "") -> None:
    """The loss of a compile call is written otherwise, and perhaps the imports."""
    program = f"{imports}{MODEL}model.compile('adam', {before})\n"
    expected = f"{new_imports or imports}{MODEL}model.compile('adam', {after})\n"
    assert changed(program, name, from_logits) == expected


KERAS = "from tensorflow import keras\n"
BOTH = "import tensorflow as tf\nfrom tensorflow import keras\n"

TO_BINARY = [
    ("loss='categorical_crossentropy'", "loss='binary_crossentropy'"),
    ('"categorical_crossentropy"', '"binary_crossentropy"'),
    ("loss='CategoricalCrossentropy'", "loss='BinaryCrossentropy'"),
    ("loss=['categorical_crossentropy']", "loss=['binary_crossentropy']"),
    ("loss={'out': 'categorical_crossentropy'}", "loss={'out': 'binary_crossentropy'}"),
    ("loss=keras.losses.categorical_crossentropy", "loss=keras.losses.binary_crossentropy"),
    ("loss=keras.losses.CategoricalCrossentropy", "loss=keras.losses.BinaryCrossentropy"),
    ("loss=keras.losses.CategoricalCrossentropy()", "loss=keras.losses.BinaryCrossentropy()"),
    ("loss=tf.keras.losses.CategoricalCrossentropy()", "loss=tf.keras.losses.BinaryCrossentropy()"),
    ("loss=tf.losses.CategoricalCrossentropy()", "loss=tf.losses.BinaryCrossentropy()"),
    (
        "loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1, name='l')",
        "loss=keras.losses.BinaryCrossentropy(label_smoothing=0.1, name='l')",
    ),
    ("loss=keras.losses.CategoricalCrossentropy(True)", "loss=keras.losses.BinaryCrossentropy()"),
    (
        "loss=keras.losses.CategoricalCrossentropy(from_logits=False)",
        "loss=keras.losses.BinaryCrossentropy(from_logits=False)",
    ),
    (
        "loss=keras.losses.CategoricalFocalCrossentropy(0.25, 2.0, False)",
        "loss=keras.losses.BinaryCrossentropy(from_logits=False)",
    ),
]


@pytest.mark.parametrize(("before", "after"), TO_BINARY)
def test_probabilities_get_another_loss(before, after):
    in_place(before, after, "binary_crossentropy", False, BOTH)


TO_LOGITS = [
    ("loss='categorical_crossentropy'", "loss=keras.losses.BinaryCrossentropy(from_logits=True)"),
    ("loss=keras.losses.categorical_crossentropy", "loss=keras.losses.BinaryCrossentropy(from_logits=True)"),
    ("loss=keras.losses.CategoricalCrossentropy", "loss=keras.losses.BinaryCrossentropy(from_logits=True)"),
    ("loss=keras.losses.CategoricalCrossentropy()", "loss=keras.losses.BinaryCrossentropy(from_logits=True)"),
    (
        "loss=keras.losses.CategoricalCrossentropy(from_logits=False)",
        "loss=keras.losses.BinaryCrossentropy(from_logits=True)",
    ),
    (
        "loss=lambda y, p: keras.losses.categorical_crossentropy(y, p)",
        "loss=lambda y, p: keras.losses.binary_crossentropy(y, p, from_logits=True)",
    ),
]


@pytest.mark.parametrize(("before", "after"), TO_LOGITS)
def test_logits_get_another_loss(before, after):
    in_place(before, after, "binary_crossentropy", True, KERAS)


IMPORTS = {
    "losses is imported": (
        "from tensorflow import keras\nfrom tensorflow.keras import losses\n",
        "from tensorflow import keras\nfrom tensorflow.keras import losses\n",
        "losses.BinaryCrossentropy",
    ),
    "the class is imported": (
        "import keras\nfrom keras.losses import BinaryCrossentropy\n",
        "import keras\nfrom keras.losses import BinaryCrossentropy\n",
        "BinaryCrossentropy",
    ),
    "an alias": (
        "import tensorflow as tf\nkeras = tf.keras\n",
        "import tensorflow as tf\nkeras = tf.keras\n",
        "keras.losses.BinaryCrossentropy",
    ),
}


@pytest.mark.parametrize(("before", "after", "spelled"), IMPORTS.values(), ids=IMPORTS)
def test_an_object_is_spelled_as_the_program_spells_keras(before, after, spelled):
    loss = f"loss={spelled}(from_logits=True)"
    in_place("loss='categorical_crossentropy'", loss, "binary_crossentropy", True, before, after)


HEAD = "model = Sequential([Dense(3)])\n"
NEW_IMPORTS = {
    "behind the last import of Keras": (
        '"""Docs."""\nfrom __future__ import annotations\nimport numpy\nfrom keras.layers import Dense\n'
        "from keras.models import Sequential\nimport os\n",
        '"""Docs."""\nfrom __future__ import annotations\nimport numpy\nfrom keras.layers import Dense\n'
        "from keras.models import Sequential\nfrom keras.losses import BinaryCrossentropy\nimport os\n",
    ),
    "in the family of the program": (
        "import tensorflow as tf\nfrom keras.layers import Dense\nfrom keras.models import Sequential\n",
        "import tensorflow as tf\nfrom keras.layers import Dense\nfrom keras.models import Sequential\n"
        "from keras.losses import BinaryCrossentropy\n",
    ),
    "from the old package": (
        "from tensorflow.python.keras.layers import Dense\nfrom tensorflow.python.keras.models import Sequential\n",
        "from tensorflow.python.keras.layers import Dense\nfrom tensorflow.python.keras.models import Sequential\n"
        "from tensorflow.python.keras.losses import BinaryCrossentropy\n",
    ),
    "in an import that is there": (
        "from tf_keras.losses import (\n    mse,  # error\n)\nfrom tf_keras.layers import Dense\n"
        "from tf_keras.models import Sequential\n",
        "from tf_keras.losses import (\n    mse,  # error\n    BinaryCrossentropy,\n)\n"
        "from tf_keras.layers import Dense\nfrom tf_keras.models import Sequential\n",
    ),
    "where the name is taken": (
        "from keras.layers import Dense\nfrom keras.models import Sequential\nBinaryCrossentropy = None\n",
        "from keras.layers import Dense\nfrom keras.models import Sequential\nfrom keras import losses\n"
        "BinaryCrossentropy = None\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), NEW_IMPORTS.values(), ids=NEW_IMPORTS)
def test_what_is_not_in_scope_is_imported(before, after):
    spelled = "losses.BinaryCrossentropy" if "import losses" in after else "BinaryCrossentropy"
    program = f"{before}{HEAD}model.compile('adam', loss='binary_crossentropy')\n"
    expected = f"{after}{HEAD}model.compile('adam', loss={spelled}(from_logits=True))\n"
    assert changed(program, "binary_crossentropy", True) == expected


SWAPPED_IMPORTS = {
    "the only name": (
        "from keras.losses import CategoricalCrossentropy\n",
        "from keras.losses import BinaryCrossentropy\n",
        "",
    ),
    "one of two": (
        "from keras.losses import CategoricalCrossentropy, mse\n",
        "from keras.losses import BinaryCrossentropy, mse\n",
        "",
    ),
    "still in use": (
        "from keras.losses import CategoricalCrossentropy\n",
        "from keras.losses import CategoricalCrossentropy, BinaryCrossentropy\n",
        "print(CategoricalCrossentropy)\n",
    ),
    "there already": (
        "from keras.losses import BinaryCrossentropy, CategoricalCrossentropy\n",
        "from keras.losses import BinaryCrossentropy\n",
        "",
    ),
}


@pytest.mark.parametrize(("before", "after", "rest"), SWAPPED_IMPORTS.values(), ids=SWAPPED_IMPORTS)
def test_an_import_that_is_not_used_any_more_goes(before, after, rest):
    program = f"import keras\n{before}{MODEL}loss = CategoricalCrossentropy()\nmodel.compile('adam', loss)\n{rest}"
    expected = f"import keras\n{after}{MODEL}loss = BinaryCrossentropy()\nmodel.compile('adam', loss)\n{rest}"
    assert changed(program, "binary_crossentropy", False) == expected


def loop(call: str) -> str:
    return (
        "import tensorflow as tf\nfrom tensorflow import keras\nx = keras.Input([4])\n"
        f"logits = keras.layers.Dense(3)(x)\ny = tf.zeros([8, 3])\nloss = {call}\n"
    )


LOOPS = [
    (
        "tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=logits)",
        "tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits)",
        True,
    ),
    (
        "tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=logits)",
        "keras.losses.binary_crossentropy(y_true=y, y_pred=logits)",
        False,
    ),
    (
        "keras.losses.categorical_crossentropy(y, logits)",
        "keras.losses.binary_crossentropy(y, logits, from_logits=True)",
        True,
    ),
    (
        "keras.backend.categorical_crossentropy(y, logits, from_logits=True)",
        "keras.backend.binary_crossentropy(y, logits)",
        False,
    ),
    (
        "keras.losses.CategoricalCrossentropy()(y, logits)",
        "keras.losses.BinaryCrossentropy(from_logits=True)(y, logits)",
        True,
    ),
]


@pytest.mark.parametrize(("before", "after", "from_logits"), LOOPS)
def test_a_loss_that_is_called(before, after, from_logits):
    assert changed(loop(before), "binary_crossentropy", from_logits) == loop(after)


ARGUMENTS = [
    ("loss='categorical_crossentropy'", True, "loss=keras.losses.CategoricalCrossentropy(from_logits=True)"),
    (
        "loss=keras.losses.CategoricalCrossentropy()",
        True,
        "loss=keras.losses.CategoricalCrossentropy(from_logits=True)",
    ),
    (
        "loss=keras.losses.CategoricalCrossentropy(from_logits=True)",
        None,
        "loss=keras.losses.CategoricalCrossentropy()",
    ),
    (
        "loss=keras.losses.CategoricalCrossentropy(from_logits=True)",
        False,
        "loss=keras.losses.CategoricalCrossentropy()",
    ),
    (
        "loss=keras.losses.CategoricalCrossentropy(from_logits=False)",
        True,
        "loss=keras.losses.CategoricalCrossentropy(from_logits=True)",
    ),
    (
        "loss=partial(keras.losses.categorical_crossentropy, from_logits=True)",
        None,
        "loss=partial(keras.losses.categorical_crossentropy)",
    ),
]


@pytest.mark.parametrize(("before", "value", "after"), ARGUMENTS)
def test_an_argument_of_the_loss(before, value, after):
    start = f"from functools import partial\n{KERAS}{MODEL}model.compile('adam', "
    text = rewritten(
        f"{start}{before})\n", lambda reading: (SetLossArgument(only_output(reading).loss, "from_logits", value),)
    )
    assert text == f"{start}{after})\n"


def test_a_loss_and_its_argument_in_one_go():
    def changes(reading):
        loss = only_output(reading).loss
        return SetLoss(loss, "binary_crossentropy", True), SetLossArgument(loss, "label_smoothing", 0.1)

    text = rewritten(f"{KERAS}{MODEL}model.compile('adam', 'categorical_crossentropy')\n", changes)
    assert text.endswith("'adam', keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1))\n")


def test_a_constant_that_two_changes_want_otherwise_is_refused():
    def changes(reading):
        loss = only_output(reading).loss
        return SetLoss(loss, "binary_crossentropy", False), SetLoss(loss, "mean_squared_error", False)

    with pytest.raises(Refused, match="different things"):
        rewritten(f"{KERAS}{MODEL}model.compile('adam', 'categorical_crossentropy')\n", changes)


def test_a_head_and_its_loss_share_an_import_line():
    program = (
        "from keras.activations import softmax\nfrom keras.layers import Dense\nfrom keras.models import Sequential\n"
        "model = Sequential([Dense(3, activation=softmax)])\nmodel.compile('adam', 'categorical_crossentropy')\n"
    )

    def changes(reading):
        output = only_output(reading)
        return SetActivation(output.head, "linear"), SetLoss(output.loss, "binary_crossentropy", True)

    assert rewritten(program, changes) == (
        "from keras.layers import Dense\nfrom keras.models import Sequential\n"
        "from keras.losses import BinaryCrossentropy\n"
        "model = Sequential([Dense(3)])\nmodel.compile('adam', BinaryCrossentropy(from_logits=True))\n"
    )


def test_a_loss_of_the_program_itself_is_refused():
    program = f"{KERAS}{MODEL}def own(y, p):\n    return y - p\nmodel.compile('adam', own)\n"
    with pytest.raises(Refused):
        changed(program, "binary_crossentropy", False)
