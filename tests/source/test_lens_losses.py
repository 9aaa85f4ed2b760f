"""Every way of giving a loss, and what in a custom loop counts as one."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest

from mllint.facts import Known, Unknown
from mllint.lens import Reading
from tests.source.conftest import Seen

See = Callable[[str], list[Seen]]
Read = Callable[[str], Reading]

MODEL = "model = keras.Sequential([layers.Dense(3)])\n"

LOSSES = [
    ("loss='sparse_categorical_crossentropy'", "sparse_categorical_crossentropy", False),
    ("'adam', 'mse'", "mean_squared_error", False),
    ("loss=keras.losses.categorical_crossentropy", "categorical_crossentropy", False),
    ("loss=keras.losses.BinaryCrossentropy(from_logits=True)", "binary_crossentropy", True),
    ("loss=keras.losses.BinaryCrossentropy(True)", "binary_crossentropy", True),
    ("loss=tf.losses.SparseCategoricalCrossentropy(from_logits=True)", "sparse_categorical_crossentropy", True),
    ("loss=keras.losses.CategoricalCrossentropy", "categorical_crossentropy", False),
    ("loss=partial(keras.losses.categorical_crossentropy, from_logits=True)", "categorical_crossentropy", True),
    (
        "loss=lambda y, p: keras.losses.categorical_crossentropy(y, p, from_logits=True)",
        "categorical_crossentropy",
        True,
    ),
    ("loss=own", "sparse_categorical_crossentropy", True),
    ("loss=averaged", "binary_crossentropy", False),
    ("loss=OwnLoss()", "categorical_crossentropy", True),
    ("loss=loss_object", "binary_crossentropy", True),
    ("loss=['mse']", "mean_squared_error", False),
    ("loss={'out': 'mse'}", "mean_squared_error", False),
    ("**config", "hinge", False),
    ("loss=tf.nn.softmax_cross_entropy_with_logits", "categorical_crossentropy", True),
    ("loss=keras.losses.get('kld')", "kl_divergence", False),
    ("loss=choose('binary')", "binary_crossentropy", False),
]
PREAMBLE = """
from functools import partial
def own(labels, logits):
    return keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
def averaged(y_true, y_pred):
    return tf.reduce_mean(keras.losses.binary_crossentropy(y_true, y_pred)) * 0.5
class OwnLoss(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return keras.losses.categorical_crossentropy(y_true, y_pred, from_logits=True)
def choose(kind):
    if kind == 'binary':
        return 'binary_crossentropy'
    return 'categorical_crossentropy'
loss_object = keras.losses.BinaryCrossentropy(from_logits=True)
config = {'optimizer': 'sgd', 'loss': 'hinge'}
"""


@pytest.mark.parametrize(("given", "name", "from_logits"), LOSSES, ids=[row[0] for row in LOSSES])
def test_every_way_of_giving_a_loss(see: See, given: str, name: str, from_logits: bool) -> None:
    (output,) = see(f"{PREAMBLE}{MODEL}model.compile({given})\n")
    assert (output.loss, output.from_logits) == (name, from_logits)


OWN = [
    "loss=lambda y, p: p",
    "loss=lambda y, p: keras.losses.mse(y, p) + keras.losses.mae(y, p)",
    "loss=undefined",
    "loss=load()['loss']",
    "**load()",
    "loss=keras.losses.BinaryCrossentropy(from_logits=flag)",
]


@pytest.mark.parametrize("given", OWN)
def test_a_loss_that_cannot_be_told_is_unknown(see: See, given: str) -> None:
    (output,) = see(f"from elsewhere import load, flag\n{MODEL}model.compile(optimizer='sgd', {given})\n")
    assert output.loss is None or output.from_logits is None


def test_a_model_without_a_loss_says_so(read: Read) -> None:
    (setup,) = read(f"{MODEL}model.compile(optimizer='adam')").setups
    assert setup.outputs[0].loss.spelling == "missing"


def test_what_a_loss_function_does_to_its_prediction_belongs_to_the_head(see: See) -> None:
    (output,) = see(f"""
        {MODEL}
        def loss(y, p):
            return keras.losses.binary_crossentropy(y, tf.sigmoid(p))
        model.compile(loss=loss)
    """)
    assert (output.activation, output.loss) == ("sigmoid", "binary_crossentropy")


LOOPS = {
    "tape": """
        loss_fn = keras.losses.CategoricalCrossentropy()
        @tf.function
        def step(x, y):
            with tf.GradientTape() as tape:
                loss = loss_fn(y, model(x, training=True))
    """,
    "keyword arguments": """
        loss_fn = keras.losses.CategoricalCrossentropy()
        for x, y in data:
            prediction = model(x)
            loss_fn(y_pred=prediction, y_true=y)
    """,
    "function": """
        def step(x, y):
            return keras.losses.categorical_crossentropy(y, model(x))
    """,
    "method": """
        class Trainer:
            def __init__(self, model):
                self.model = model
                self.loss = keras.losses.CategoricalCrossentropy()
            def step(self, x, y):
                return self.loss(y, self.model(x))
        Trainer(model).step(1, 2)
    """,
    "predictions": """
        keras.losses.CategoricalCrossentropy()(y, model.predict(x))
    """,
}


@pytest.mark.parametrize("loop", LOOPS.values(), ids=LOOPS.keys())
def test_a_loss_called_on_a_prediction_is_a_training_setup(read: Read, loop: str) -> None:
    (setup,) = read(MODEL + dedent(loop)).setups
    head, loss = setup.outputs[0].head, setup.outputs[0].loss
    assert setup.via == "loss-call"
    assert (head.activation.value, head.units.value, loss.name.value) == ("linear", 3, "categorical_crossentropy")


def test_logits_ops_take_logits(see: See) -> None:
    (output,) = see("p = tf.nn.softmax(scores)\ntf.nn.softmax_cross_entropy_with_logits(labels=y, logits=p)\n")
    assert output == ("softmax", None, "categorical_crossentropy", True)


@pytest.mark.parametrize("op", ["softmax", "sparse_softmax", "sigmoid"])
def test_logits_ops_take_logits_within_a_function_too(read: Read, op: str) -> None:
    """They never look behind the activation, wherever they are called."""
    own = f"def own(y, p):\n    return tf.nn.{op}_cross_entropy_with_logits(labels=y, logits=p)\n"
    (setup,) = read(f"{MODEL}{own}model.compile('adam', own)\n").setups
    loss = setup.outputs[0].loss
    assert (loss.spelling, loss.from_logits.value) == ("op", True)


def test_swapped_arguments_are_seen(read: Read) -> None:
    (setup,) = read(f"{MODEL}keras.losses.CategoricalCrossentropy()(model(x), y)\n").setups
    assert setup.swap is not None and setup.swap.loss == "categorical_crossentropy"


NOT_SWAPPED = [
    "keras.losses.CategoricalCrossentropy()(y, model(x))",
    "keras.losses.BinaryCrossentropy()(tf.ones_like(model(x)), model(x))",
    "keras.losses.KLDivergence()(tf.nn.softmax(teacher(x)), tf.nn.softmax(model(x)))",
    "keras.losses.CategoricalCrossentropy()(a, b)",
]


@pytest.mark.parametrize("call", NOT_SWAPPED)
def test_arguments_in_order_are_not_called_swapped(read: Read, call: str) -> None:
    assert all(setup.swap is None for setup in read(MODEL + call).setups)


OVERRIDES = {
    "def train_step(self, data):\n        return {}": False,
    "def train_step(self, data):\n        return {'loss': self.compute_loss(y=data[1], y_pred=self(data[0]))}": True,
    "def compute_loss(self, x, y, y_pred, sample_weight):\n        return 0.0": False,
    "def extra(self):\n        pass": True,
}


@pytest.mark.parametrize(("method", "alive"), OVERRIDES.items())
def test_a_compiled_loss_counts_only_where_it_trains_the_model(read: Read, method: str, alive: bool) -> None:
    reading = read(
        "class Net(keras.Model):\n    def __init__(self):\n        super().__init__()\n"
        "        self.d = layers.Dense(3)\n"
        f"    def call(self, x):\n        return self.d(x)\n    {method}\n"
        "net = Net()\nnet.compile(loss='categorical_crossentropy')\n"
    )
    assert bool(reading.setups) == alive
    assert bool(reading.notes) != alive


def test_the_loss_inside_an_overridden_train_step_is_read(read: Read) -> None:
    (setup,) = read("""
        class Net(keras.Model):
            def __init__(self):
                super().__init__()
                self.d = layers.Dense(3)
                self.loss_fn = keras.losses.CategoricalCrossentropy()
            def call(self, x):
                return self.d(x)
            def train_step(self, data):
                x, y = data
                with tf.GradientTape() as tape:
                    loss = self.loss_fn(y, self(x, training=True))
                return {'loss': loss}
        net = Net()
        net.compile(optimizer='adam', loss='mse')
    """).setups
    assert (setup.via, setup.outputs[0].head.activation) == ("loss-call", Known("linear", setup.outputs[0].head.place))


def test_what_is_no_keras_compile_is_left_alone(read: Read) -> None:
    assert (
        read("import re\nre.compile('a')\ncompile('1', 'f', 'eval')\npattern = regex.compile(r'x', flags=1)\n").setups
        == ()
    )


def test_an_unknown_loss_string_keeps_its_text(read: Read) -> None:
    (setup,) = read(f"{MODEL}model.compile(loss='categorical_cross_entropy')").setups
    assert isinstance(setup.outputs[0].loss.name, Unknown)
    assert [one.text for one in setup.identifiers if one.kind == "loss"] == ["categorical_cross_entropy"]


TRICK = """
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.d = layers.Dense(3)
    def call(self, x, training=False):
        x = self.d(x)
        if not training:
            x = tf.nn.softmax(x)
        return x
net = Net()
"""


@pytest.mark.parametrize(
    ("use", "activation"),
    [
        ("net.compile(loss='mse')", "linear"),
        ("keras.losses.MeanSquaredError()(y, net(x, training=True))", "linear"),
        ("keras.losses.MeanSquaredError()(y, net(x))", "softmax"),
    ],
)
def test_a_head_may_differ_in_training(see: See, use: str, activation: str) -> None:
    (output,) = see(TRICK + use)
    assert output.activation == activation


def test_a_feature_extractor_that_only_predicts_is_not_judged_by_its_loss(read: Read) -> None:
    predicts = "{}.compile(loss='categorical_crossentropy')\nmodel.predict(x)\n"
    extractor = MODEL + predicts.format("model")
    assert not read(extractor).setups
    assert read(extractor + "model.fit(x, y)\n").setups
    classifier = "model = keras.Sequential([layers.Dense(3, activation='sigmoid')])\n" + predicts.format("model")
    assert read(classifier).setups


def test_an_activation_that_keras_does_not_know_is_kept_wherever_it_stands(read: Read) -> None:
    (setup,) = read(
        "m = keras.Sequential([layers.Dense(8, activation='Relu'), layers.Dense(1)])\nm.compile(loss='mse')"
    ).setups
    assert [one.text for one in setup.identifiers if one.kind == "activation"] == ["Relu"]


def test_a_loss_object_points_at_where_it_is_made(read: Read) -> None:
    source = f"{MODEL}loss_fn = keras.losses.CategoricalCrossentropy()\nloss_fn(y, model(x))\n"
    place = read(source).setups[0].outputs[0].loss.place
    assert place is not None and place.anchor.func.attr.value == "CategoricalCrossentropy"


def test_keras_own_functions_are_not_tensorflow_ops(read: Read) -> None:
    source = f"{MODEL}keras.ops.categorical_crossentropy(y, tf.nn.softmax(model(x)), from_logits=True)\n"
    assert read(source).setups[0].outputs[0].loss.spelling == "function"
