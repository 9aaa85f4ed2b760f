"""The facts of live models of every make: from the configuration, the graph, the objects given to compile."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from mllint.facts import Known, TrainingSetup, Unknown
from mllint.live.batches import Batch
from mllint.live.running import run
from mllint.live.setups import read_setup

pytestmark = pytest.mark.tensorflow

np = pytest.importorskip("numpy")
keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")
tf_keras = pytest.importorskip("tf_keras")

X = np.random.default_rng(1).normal(size=(16, 4)).astype("float32")
BOTH = pytest.mark.parametrize("framework", [keras, tf_keras], ids=["keras3", "tf_keras"])


def setup_of(model: Any, y: Any = None, x: Any = X, loss: Any = None) -> TrainingSetup:
    running = run(model, x, loss)
    with running.untouched():
        return read_setup(running, Batch(x, y, "data"), "model", {})


def activation(model: Any) -> str | None:
    fact = setup_of(model).outputs[0].head.activation
    return fact.value if isinstance(fact, Known) else None


def subclass(framework: Any, call: Any, *layers: Any, **methods: Any) -> Any:
    """A model of the user's own class; `call` gets the layers and the input."""

    def __init__(self: Any) -> None:
        framework.Model.__init__(self)
        self.parts = list(layers)

    own = {"__init__": __init__, "call": lambda self, x: call(self.parts, x), "__module__": "theirs", **methods}
    return type("Own", (framework.Model,), own)()


HEADS = {
    "softmax": lambda k, d: ([d(3, activation="softmax")], "softmax"),
    "sigmoid after": lambda k, d: ([d(3), k.layers.Activation("sigmoid")], "sigmoid"),
    "none": lambda k, d: ([d(3)], "linear"),
    "reshaped": lambda k, d: ([d(6, activation="softmax"), k.layers.Reshape((2, 3))], "softmax"),
    "normalised": lambda k, d: ([d(3, activation="softmax"), k.layers.BatchNormalization()], None),
    "normalised scores": lambda k, d: ([d(3), k.layers.BatchNormalization()], "linear"),
    "scaled": lambda k, d: ([d(1, activation="sigmoid"), k.layers.Rescaling(5.0)], None),
    "own function": lambda k, d: ([d(3, activation=lambda z: tf.nn.softmax(z))], "softmax"),
    "averaged": lambda k, d: ([d(3, activation="softmax"), k.layers.Reshape((1, 3)),
                               k.layers.GlobalAveragePooling1D()], None),
}  # fmt: skip


@BOTH
@pytest.mark.parametrize("name", HEADS)
def test_the_head_of_a_sequential_model(framework, name):
    layers, expected = HEADS[name](framework, framework.layers.Dense)
    assert activation(framework.Sequential([framework.Input((4,)), *layers])) == expected


@BOTH
@pytest.mark.parametrize("name", HEADS)
def test_the_head_of_a_model_of_the_users_own_class(framework, name):
    """Only the graph tells it."""
    layers, expected = HEADS[name](framework, framework.layers.Dense)

    def call(parts: list[Any], x: Any) -> Any:
        for part in parts:
            x = part(x)
        return x

    assert activation(subclass(framework, call, *layers)) == expected


@BOTH
def test_functions_of_tensorflow_are_seen_in_the_graph(framework):
    dense = framework.layers.Dense(3)
    assert activation(subclass(framework, lambda parts, x: tf.nn.softmax(parts[0](x)), dense)) == "softmax"
    assert activation(subclass(framework, lambda parts, x: tf.nn.sigmoid(parts[0](x)), dense)) == "sigmoid"
    assert activation(subclass(framework, lambda parts, x: parts[0](x) * parts[0](x), dense)) is None
    assert activation(subclass(framework, lambda parts, x: tf.concat([parts[0](x), x], -1), dense)) is None


@BOTH
def test_functions_within_functions_are_entered(framework):
    dense = framework.layers.Dense(3)

    @tf.function
    def inner(x: Any) -> Any:
        return tf.nn.softmax(x)

    assert activation(subclass(framework, lambda parts, x: inner(tf.identity(inner(parts[0](x)))), dense)) == "softmax"


@BOTH
def test_only_activations_of_keras_leave_logits_behind(framework):
    """The same operation in the graph; the losses of Keras find the logits of one of them when run eagerly."""
    dense = framework.layers.Dense(3)
    symbols = [
        setup_of(subclass(framework, lambda parts, x, f=function: f(parts[0](x)), dense))
        .outputs[0]
        .head.stages[-1]
        .symbol
        for function in (framework.activations.softmax, tf.nn.softmax)
    ]
    assert symbols == ["keras.activations.softmax", "tf.nn.softmax"]


@BOTH
def test_shape_and_dtype_are_those_of_the_output(framework):
    model = framework.Sequential([framework.Input((4,)), framework.layers.Reshape((2, 2)), framework.layers.Dense(5)])
    head = setup_of(model).outputs[0].head
    assert (head.units.value, head.rank.value, head.dtype.value) == (5, 3, "float32")
    half = framework.layers.Dense(3, activation="softmax", dtype="float16")
    assert setup_of(framework.Sequential([framework.Input((4,)), half])).outputs[0].head.dtype.value == "float16"


# ---------------------------------------------------------------- losses


def own(y_true, y_pred):
    return tf.reduce_mean(tf.abs(y_true - y_pred))


LOSSES = {
    "string": (lambda k: "binary_crossentropy", "binary_crossentropy", False, "string"),
    "short": (lambda k: "mse", "mean_squared_error", False, "string"),
    "function": (lambda k: k.losses.binary_crossentropy, "binary_crossentropy", False, "function"),
    "instance": (lambda k: k.losses.BinaryCrossentropy(from_logits=True), "binary_crossentropy", True, "instance"),
    "partial": (lambda k: functools.partial(k.losses.binary_crossentropy, from_logits=True),
                "binary_crossentropy", True, "wrapped"),
    "operation": (lambda k: tf.nn.softmax_cross_entropy_with_logits, "categorical_crossentropy", True, "op"),
    "own": (lambda k: own, None, None, "wrapped"),
    "lambda": (lambda k: lambda y, p: k.losses.binary_crossentropy(y, p, from_logits=True), None, None, "wrapped"),
}  # fmt: skip


@BOTH
@pytest.mark.parametrize("name", LOSSES)
def test_the_loss_as_it_was_given(framework, name):
    given, expected, from_logits, spelling = LOSSES[name]
    model = framework.Sequential([framework.Input((4,)), framework.layers.Dense(3)])
    model.compile("sgd", given(framework))
    loss = setup_of(model).outputs[0].loss
    assert (loss.name.value if isinstance(loss.name, Known) else None) == expected
    assert (loss.from_logits.value if isinstance(loss.from_logits, Known) else None) == from_logits
    assert loss.spelling == spelling


@BOTH
def test_an_uncompiled_model_has_no_loss_until_one_is_stated(framework):
    model = framework.Sequential([framework.Input((4,)), framework.layers.Dense(3)])
    assert setup_of(model).outputs[0].loss.spelling == "missing"
    assert setup_of(model, loss="mse").outputs[0].loss.name.value == "mean_squared_error"
    assert not getattr(model, "compiled", getattr(model, "_is_compiled", False))


@BOTH
@pytest.mark.parametrize("method", ["train_step", "compute_loss"])
def test_the_loss_of_a_model_that_trains_in_its_own_way_is_unknown(framework, method):
    model = subclass(
        framework, lambda parts, x: parts[0](x), framework.layers.Dense(3), **{method: lambda *a, **k: 0.0}
    )
    model.compile("sgd", "mse")
    loss = setup_of(model).outputs[0].loss
    assert isinstance(loss.name, Unknown)
    assert method in loss.name.reason


# ---------------------------------------------------------------- several outputs


def two_outputs(framework: Any, as_dict: bool) -> Any:
    inputs = framework.Input((4,))
    kind = framework.layers.Dense(3, activation="softmax", name="kind")(inputs)
    size = framework.layers.Dense(1, name="size")(inputs)
    return framework.Model(inputs, {"kind": kind, "size": size} if as_dict else [kind, size])


LABELS = {"kind": np.eye(3)[np.arange(16) % 3], "size": np.linspace(-1, 1, 16)[:, None]}


@BOTH
@pytest.mark.parametrize("as_dict", [True, False])
@pytest.mark.parametrize("losses", ["dict", "list"])
def test_each_output_has_its_own_facts(framework, as_dict, losses):
    model = two_outputs(framework, as_dict)
    given = {"kind": "categorical_crossentropy", "size": "mse"}
    model.compile("sgd", given if losses == "dict" or as_dict else list(given.values()))
    setup = setup_of(model, LABELS if as_dict else list(LABELS.values()))
    facts = {
        one.name: (one.head.activation.value, one.loss.name.value, one.labels.encoding.value) for one in setup.outputs
    }
    assert facts == {
        "kind": ("softmax", "categorical_crossentropy", "one-hot"),
        "size": ("linear", "mean_squared_error", "continuous"),
    }
    assert setup.structure is not None


@BOTH
def test_outputs_of_an_own_class_are_named_by_their_keys(framework):
    parts = framework.layers.Dense(3, activation="softmax"), framework.layers.Dense(1, activation="sigmoid")
    model = subclass(framework, lambda parts, x: {"b": parts[1](x), "a": parts[0](x)}, *parts)
    heads = {one.name: one.head.activation.value for one in setup_of(model).outputs}
    assert heads == {"a": "softmax", "b": "sigmoid"}


@BOTH
def test_the_loss_is_the_one_that_fit_shows(framework):
    """For every output structure and loss form: the number of test_on_batch, logits recovered as Keras does."""
    from mllint.live.study import make_subject

    framework.utils.set_random_seed(5)
    for as_dict in (True, False):
        model = two_outputs(framework, as_dict)
        model.compile(
            "sgd", {"kind": "categorical_crossentropy", "size": "mse"}, loss_weights={"kind": 2.0, "size": 0.5}
        )
        y = LABELS if as_dict else list(LABELS.values())
        batch = Batch(X, y, "data")
        running = run(model, X)
        subject = make_subject(running, batch, read_setup(running, batch, "model", {}), 5.0)
        measured = subject.training_loss(X, subject.labels)
        assert measured == pytest.approx(model.test_on_batch(X, y)[0], rel=1e-6)


@pytest.mark.parametrize("thing", [3, "model", object(), keras.layers.Dense(3)])
def test_what_is_no_model_is_refused(thing):
    from mllint.live.refusals import Refused

    with pytest.raises(Refused, match="a Keras model is needed"):
        run(thing, X)
