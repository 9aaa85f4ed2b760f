"""Activations, units, dtypes and steps of heads, in every way that programs write them."""

from __future__ import annotations

import pytest

from mllint.facts import Head
from mllint.fixes.refusal import Refused
from mllint.repairs import Change, RemoveStage, SetActivation, SetDtype, SetUnits
from tests.fixes.rewriting import only_output, rewritten

IMPORTS = "import tensorflow as tf\nfrom tensorflow import keras\nfrom tensorflow.keras import Model, layers\n"
TRAINING = "model.compile('adam', 'mse')\n"


def changed(program: str, activation: str) -> str:
    """The program between the imports and the compile call, with another activation."""

    def change(head: Head) -> tuple[Change, ...]:
        return (SetActivation(head, activation),)

    return with_head(program, change)


def with_head(program, change) -> str:
    text = rewritten(IMPORTS + program + TRAINING, lambda reading: change(only_output(reading).head))
    assert text.endswith(TRAINING)
    return text.removeprefix(IMPORTS).removesuffix(TRAINING)


STRINGS = {
    "single quotes": (
        "model = keras.Sequential([layers.Dense(10, activation='softmax')])\n",
        "model = keras.Sequential([layers.Dense(10, activation='sigmoid')])\n",
    ),
    "a prefix, and double quotes": (
        'model = keras.Sequential([layers.Dense(10, activation=u"softmax")])  # ten\n',
        'model = keras.Sequential([layers.Dense(10, activation=u"sigmoid")])  # ten\n',
    ),
    "by position": (
        "model = keras.Sequential([layers.Dense(10, 'softmax')])\n",
        "model = keras.Sequential([layers.Dense(10, 'sigmoid')])\n",
    ),
    "a constant": (
        "ACT = 'softmax'\nmodel = keras.Sequential([layers.Dense(10, activation=ACT)])\n",
        "ACT = 'sigmoid'\nmodel = keras.Sequential([layers.Dense(10, activation=ACT)])\n",
    ),
    "a default": (
        "def build(act='softmax'):\n    return keras.Sequential([layers.Dense(10, activation=act)])\nmodel = build()\n",
        "def build(act='sigmoid'):\n    return keras.Sequential([layers.Dense(10, activation=act)])\nmodel = build()\n",
    ),
    "a dict of settings": (
        "cfg = {'act': 'softmax'}\nmodel = keras.Sequential([layers.Dense(10, activation=cfg['act'])])\n",
        "cfg = {'act': 'sigmoid'}\nmodel = keras.Sequential([layers.Dense(10, activation=cfg['act'])])\n",
    ),
    "a tuple that is unpacked": (
        "units, act = 10, 'softmax'\nmodel = keras.Sequential([layers.Dense(units, activation=act)])\n",
        "units, act = 10, 'sigmoid'\nmodel = keras.Sequential([layers.Dense(units, activation=act)])\n",
    ),
    "a layer of its own": (
        "model = keras.Sequential([layers.Dense(10)])\nmodel.add(layers.Activation('softmax'))\n",
        "model = keras.Sequential([layers.Dense(10)])\nmodel.add(layers.Activation('sigmoid'))\n",
    ),
    "a softmax layer": (
        "model = keras.Sequential([layers.Dense(10), layers.Softmax(axis=-1, name='p')])\n",
        "model = keras.Sequential([layers.Dense(10), layers.Activation('sigmoid', name='p')])\n",
    ),
    "a function of TensorFlow": (
        "model = keras.Sequential([layers.Dense(10, activation=tf.nn.softmax)])\n",
        "model = keras.Sequential([layers.Dense(10, activation=tf.nn.sigmoid)])\n",
    ),
    "a function of Keras": (
        "model = keras.Sequential([layers.Dense(10, activation=keras.activations.softmax)])\n",
        "model = keras.Sequential([layers.Dense(10, activation=keras.activations.sigmoid)])\n",
    ),
    "a function that is kept in a name": (
        "act = tf.nn.softmax\nmodel = keras.Sequential([layers.Dense(10, activation=act)])\n",
        "act = tf.nn.sigmoid\nmodel = keras.Sequential([layers.Dense(10, activation=act)])\n",
    ),
    "a function of the backend": (
        "from keras import backend as K\nmodel = keras.Sequential([layers.Dense(9, activation=K.softmax)])\n",
        "from keras import backend as K\nmodel = keras.Sequential([layers.Dense(9, activation=K.sigmoid)])\n",
    ),
    "an imported function": (
        "from tensorflow.keras.activations import relu, softmax\n"
        "model = keras.Sequential([layers.Dense(5, activation=relu), layers.Dense(10, activation=softmax)])\n",
        "from tensorflow.keras.activations import relu, sigmoid\n"
        "model = keras.Sequential([layers.Dense(5, activation=relu), layers.Dense(10, activation=sigmoid)])\n",
    ),
    "a function that is called": (
        "x = keras.Input((4,))\ny = tf.nn.softmax(layers.Dense(10)(x), axis=-1, name='p')\nmodel = keras.Model(x, y)\n",
        "x = keras.Input((4,))\ny = tf.nn.sigmoid(layers.Dense(10)(x), name='p')\nmodel = keras.Model(x, y)\n",
    ),
    "no activation yet": (
        "model = keras.Sequential([layers.Dense(10)])\n",
        "model = keras.Sequential([layers.Dense(10, activation='sigmoid')])\n",
    ),
    "no activation yet, in double quotes": (
        'model = keras.Sequential([layers.Dense(10, name="logits")])\n',
        'model = keras.Sequential([layers.Dense(10, name="logits", activation="sigmoid")])\n',
    ),
    "no activation yet, in wide keywords": (
        "model = keras.Sequential([layers.Dense(units = 10)])\n",
        "model = keras.Sequential([layers.Dense(units = 10, activation = 'sigmoid')])\n",
    ),
    "no activation yet, a comma at the end": (
        "model = keras.Sequential([layers.Dense(10,)])\n",
        "model = keras.Sequential([layers.Dense(10, activation='sigmoid',)])\n",
    ),
    "no activation yet, an argument to a line": (
        "model = keras.Sequential([\n    layers.Dense(\n        10,\n        use_bias=False,  # no bias\n    ),\n])\n",
        "model = keras.Sequential([\n    layers.Dense(\n        10,\n        use_bias=False,  # no bias\n"
        "        activation='sigmoid',\n    ),\n])\n",
    ),
    "no activation yet, a comment after the last argument": (
        "model = keras.Sequential([\n    layers.Dense(\n        10,\n        use_bias=False  # no bias\n    ),\n])\n",
        "model = keras.Sequential([\n    layers.Dense(\n        10,\n        use_bias=False,  # no bias\n"
        "        activation='sigmoid'\n    ),\n])\n",
    ),
    "no activation yet, arguments under each other": (
        "model = keras.Sequential([layers.Dense(10,\n                                       use_bias=False)])\n",
        "model = keras.Sequential([layers.Dense(10,\n                                       use_bias=False,\n"
        "                                       activation='sigmoid')])\n",
    ),
    "none written out": (
        "model = keras.Sequential([layers.Dense(10, activation=None)])\n",
        "model = keras.Sequential([layers.Dense(10, activation='sigmoid')])\n",
    ),
    "reshaped afterwards": (
        "model = keras.Sequential([layers.Dense(10), layers.Reshape((5, 2))])\n",
        "model = keras.Sequential([layers.Dense(10, activation='sigmoid'), layers.Reshape((5, 2))])\n",
    ),
    "a model of keras.applications": (
        "model = keras.applications.VGG16(weights=None, classes=10)\n",
        "model = keras.applications.VGG16(weights=None, classes=10, classifier_activation='sigmoid')\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), STRINGS.values(), ids=STRINGS)
def test_a_head_ends_in_another_activation(before, after):
    assert changed(before, "sigmoid") == after


LINEAR = {
    "a keyword": (
        "model = keras.Sequential([layers.Dense(10, activation='softmax', name='out')])\n",
        "model = keras.Sequential([layers.Dense(10, name='out')])\n",
    ),
    "the last keyword": (
        "model = keras.Sequential([layers.Dense(10, activation='softmax')])\n",
        "model = keras.Sequential([layers.Dense(10)])\n",
    ),
    "a line of its own": (
        "model = keras.Sequential([layers.Dense(\n    10,\n    activation='softmax',\n    name='out',\n)])\n",
        "model = keras.Sequential([layers.Dense(\n    10,\n    name='out',\n)])\n",
    ),
    "a line with a comment": (
        "model = keras.Sequential([layers.Dense(\n    10,\n    activation='softmax'  # sums to one\n)])\n",
        "model = keras.Sequential([layers.Dense(\n    10\n    # sums to one\n)])\n",
    ),
    "the last position": (
        "model = keras.Sequential([layers.Dense(10, 'softmax')])\n",
        "model = keras.Sequential([layers.Dense(10)])\n",
    ),
    "a position before others": (
        "model = keras.Sequential([layers.Dense(10, 'softmax', False)])\n",
        "model = keras.Sequential([layers.Dense(10, None, False)])\n",
    ),
    "a constant": (
        "ACT = 'softmax'\nmodel = keras.Sequential([layers.Dense(10, activation=ACT)])\n",
        "ACT = 'linear'\nmodel = keras.Sequential([layers.Dense(10, activation=ACT)])\n",
    ),
    "a function": (
        "model = keras.Sequential([layers.Dense(10, activation=tf.nn.softmax)])\n",
        "model = keras.Sequential([layers.Dense(10)])\n",
    ),
    "a statement": (
        "model = keras.Sequential()\nmodel.add(layers.Dense(10))\n# probabilities\n"
        "model.add(layers.Activation('softmax'))\n",
        "model = keras.Sequential()\nmodel.add(layers.Dense(10))\n# probabilities\n",
    ),
    "a statement with a comment": (
        "model = keras.Sequential([layers.Dense(10)])\nmodel.add(layers.Softmax())  # probabilities\n",
        "model = keras.Sequential([layers.Dense(10)])\n# probabilities\n",
    ),
    "the only statement of a block": (
        "model = keras.Sequential([layers.Dense(10)])\nif True:\n    model.add(layers.Softmax())\n",
        "model = keras.Sequential([layers.Dense(10)])\nif True:\n    pass\n",
    ),
    "an element of a list": (
        "model = keras.Sequential([\n    layers.Dense(10),\n    layers.Activation('softmax'),\n])\n",
        "model = keras.Sequential([\n    layers.Dense(10),\n])\n",
    ),
    "applied to itself": (
        "i = keras.Input([4])\nx = layers.Dense(3)(i)\nx = layers.Activation('softmax')(x)\nmodel = Model(i, x)\n",
        "i = keras.Input([4])\nx = layers.Dense(3)(i)\nmodel = Model(i, x)\n",
    ),
    "applied under another name": (
        "i = keras.Input([4])\nx = layers.Dense(3)(i)\ny = layers.Activation('softmax')(x)\nmodel = Model(i, y)\n",
        "i = keras.Input([4])\nx = layers.Dense(3)(i)\ny = layers.Activation('linear')(x)\nmodel = Model(i, y)\n",
    ),
    "applied to the layer itself": (
        "i = keras.Input([4])\nmodel = keras.Model(i, layers.Softmax()(layers.Dense(10)(i)))\n",
        "i = keras.Input([4])\nmodel = keras.Model(i, layers.Dense(10)(i))\n",
    ),
    "a function that is called": (
        "i = keras.Input([4])\ny = tf.nn.softmax(layers.Dense(10)(i))\nmodel = Model(i, y)\n",
        "i = keras.Input([4])\ny = layers.Dense(10)(i)\nmodel = Model(i, y)\n",
    ),
    "two of them": (
        "model = keras.Sequential([layers.Dense(10, activation='softmax'), layers.Softmax()])\n",
        "model = keras.Sequential([layers.Dense(10)])\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), LINEAR.values(), ids=LINEAR)
def test_a_head_leaves_its_scores(before, after):
    assert changed(before, "linear") == after


def test_a_softmax_takes_the_place_of_a_function():
    program = "model = keras.Sequential([layers.Dense(10), layers.ReLU()])\n"
    assert changed(program, "softmax") == "model = keras.Sequential([layers.Dense(10), layers.Softmax()])\n"


REFUSED = {
    "another shape": ("[layers.Dense(10), layers.Reshape((5, 2))]", "Reshape changes the shape"),
    "pooled": ("[layers.Conv2D(10, 3), layers.GlobalAveragePooling2D()]", "GlobalAveragePooling2D follows"),
    "no activation": ("[layers.Embedding(10, 10)]", "takes no activation"),
}


@pytest.mark.parametrize(("layers", "reason"), REFUSED.values(), ids=REFUSED)
def test_where_an_activation_would_do_something_else(layers, reason):
    with pytest.raises(Refused, match=reason):
        changed(f"model = keras.Sequential({layers})\n", "softmax")


def test_a_step_is_left_out():
    program = "model = keras.Sequential([layers.Dense(10), layers.Dropout(0.5), layers.Softmax()])\n"
    after = with_head(program, lambda head: (RemoveStage(head, head.stages[1]),))
    assert after == "model = keras.Sequential([layers.Dense(10), layers.Softmax()])\n"


FACTORS = [
    ("x = layers.Dense(3)(i) * 5\n", "x = layers.Dense(3)(i)\n"),
    ("x = layers.Dense(3)(i)\nx = 5 * x\n", "x = layers.Dense(3)(i)\n"),
    ("x = layers.Dense(3)(i)\nx *= 5\n", "x = layers.Dense(3)(i)\n"),
]


@pytest.mark.parametrize(("before", "after"), FACTORS)
def test_a_factor_is_left_out(before, after):
    start, end = "i = keras.Input([4])\n", "model = Model(i, x)\n"
    changed_to = with_head(start + before + end, lambda head: (RemoveStage(head, head.stages[1]),))
    assert changed_to == start + after + end


def test_units_are_written_in_the_layer():
    program = "classes = 2\nmodel = keras.Sequential([layers.Dense(classes, activation='softmax')])\n"
    after = with_head(program, lambda head: (SetUnits(head, 1), SetActivation(head, "sigmoid")))
    assert after == "classes = 2\nmodel = keras.Sequential([layers.Dense(1, activation='sigmoid')])\n"


def test_the_last_layer_computes_in_float32():
    program = (
        "keras.mixed_precision.set_global_policy('mixed_float16')\n"
        "model = keras.Sequential([layers.Dense(10), layers.Activation('softmax')])\n"
    )
    after = with_head(program, lambda head: (SetDtype(head, "float32"),))
    assert after.splitlines()[1] == (
        "model = keras.Sequential([layers.Dense(10), layers.Activation('softmax', dtype='float32')])"
    )


def test_an_activation_gives_way_to_a_dtype():
    program = "model = keras.Sequential([layers.Dense(10, activation='softmax')])\n"
    after = with_head(program, lambda head: (SetActivation(head, "linear"), SetDtype(head, "float32")))
    assert after == "model = keras.Sequential([layers.Dense(10, dtype='float32')])\n"


def test_two_activations_for_one_head_are_refused():
    program = "model = keras.Sequential([layers.Dense(10, activation='softmax')])\n"
    with pytest.raises(Refused, match="different things"):
        with_head(program, lambda head: (SetActivation(head, "relu"), SetActivation(head, "sigmoid")))
