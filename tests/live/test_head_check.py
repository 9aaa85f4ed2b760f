"""HeadCheck in real training: what it finds in the first batch, and that the training is none the wiser."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

import mllint

pytestmark = pytest.mark.tensorflow

np = pytest.importorskip("numpy")
keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")
tf_keras = pytest.importorskip("tf_keras")

BOTH = pytest.mark.parametrize("framework", [keras, tf_keras], ids=["keras3", "tf_keras"])
X = np.random.default_rng(2).normal(size=(96, 4)).astype("float32")
MULTI_HOT = (np.random.default_rng(3).random((96, 3)) > 0.5).astype("float32")
ONE_HOT = np.eye(3, dtype="float32")[np.arange(96) % 3]


def model_of(framework: Any, **options: Any) -> Any:
    framework.utils.set_random_seed(21)
    layers = [framework.layers.Dense(8, activation="relu"), framework.layers.BatchNormalization()]
    layers += [framework.layers.Dense(3, activation="softmax")]
    model = framework.Sequential([framework.Input((4,)), *layers])
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy", framework.metrics.AUC()], **options)
    return model


def fitted(model: Any, callbacks: list[Any], **data: Any) -> tuple[list[Any], list[Any], list[str]]:
    """The history, the weights, and what mllint warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        history = model.fit(epochs=2, verbose=0, callbacks=callbacks, **data).history
    said = [str(one.message) for one in caught if "MLL" in str(one.message) or "mllint" in str(one.message)]
    return list(history.values()), model.get_weights(), said


def dataset() -> Any:
    return tf.data.Dataset.from_tensor_slices((X, MULTI_HOT)).shuffle(96, seed=4).batch(32)


def generator() -> Any:
    for start in (0, 32, 64):
        yield X[start : start + 32], MULTI_HOT[start : start + 32]


SIGNATURE = (tf.TensorSpec((None, 4)), tf.TensorSpec((None, 3)))
TRAININGS = {
    "arrays": ({}, lambda: {"x": X, "y": MULTI_HOT}),
    "weights": ({}, lambda: {"x": X, "y": MULTI_HOT, "sample_weight": np.ones(96)}),
    "dataset": ({}, lambda: {"x": dataset()}),
    "endless dataset": ({}, lambda: {"x": dataset().repeat(), "steps_per_epoch": 3}),
    "generator": ({}, lambda: {"x": tf.data.Dataset.from_generator(generator, output_signature=SIGNATURE)}),
    "eager": ({"run_eagerly": True}, lambda: {"x": dataset()}),
    "xla": ({"jit_compile": True}, lambda: {"x": X, "y": MULTI_HOT}),
    "several steps at once": ({"steps_per_execution": 2}, lambda: {"x": X, "y": MULTI_HOT, "batch_size": 16}),
    "more steps at once than there are": ({"steps_per_execution": 7}, lambda: {"x": X, "y": MULTI_HOT}),
    "validated": ({}, lambda: {"x": X, "y": MULTI_HOT, "validation_split": 0.25}),
}


@BOTH
@pytest.mark.parametrize("name", TRAININGS)
def test_it_warns_and_the_training_is_the_same_to_the_bit(framework, name):
    options, data = TRAININGS[name]
    if framework is tf_keras and name == "more steps at once than there are":
        pytest.skip("tf_keras raises where an epoch ends within an execution")
    history, weights, silence = fitted(model_of(framework, **options), [], **data())
    assert silence == []
    checked_history, checked_weights, said = fitted(
        model_of(framework, **options), [mllint.HeadCheck(seconds=2.0)], **data()
    )
    assert len(said) == 1
    assert said[0].startswith("error[MLL401] softmax-with-multi-hot-labels: softmax over 3 units")
    assert checked_history == history
    assert all(np.array_equal(a, b) for a, b in zip(weights, checked_weights, strict=True))


@BOTH
def test_it_raises_before_the_first_step(framework):
    model = model_of(framework)
    before = model.get_weights()
    with pytest.raises(mllint.HeadMismatch, match="softmax-with-multi-hot-labels") as caught:
        model.fit(X, MULTI_HOT, verbose=0, callbacks=[mllint.HeadCheck(on="raise")])
    assert [finding.code for finding in caught.value.findings] == ["MLL401"]
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
    history = model.fit(X, ONE_HOT, verbose=0, callbacks=[mllint.HeadCheck(on="raise")]).history
    assert np.isfinite(history["loss"]).all()


@BOTH
def test_what_belongs_together_trains_in_silence(framework):
    assert fitted(model_of(framework), [mllint.HeadCheck()], x=X, y=ONE_HOT)[2] == []


@BOTH
def test_the_words_are_those_of_verify_model(framework):
    (finding,) = mllint.verify_model(model_of(framework), X, MULTI_HOT)
    (said,) = fitted(model_of(framework), [mllint.HeadCheck()], x=X, y=MULTI_HOT)[2]
    assert finding.message in said
    assert finding.help[0] in said


@BOTH
def test_it_is_a_callback_of_keras(framework):
    check = mllint.HeadCheck()
    assert isinstance(check, framework.callbacks.Callback)
    assert isinstance(check, mllint.HeadCheck)


@BOTH
def test_it_looks_once(framework):
    model, check = model_of(framework), mllint.HeadCheck()
    assert len(fitted(model, [check], x=X, y=MULTI_HOT)[2]) == 1
    assert fitted(model, [check], x=X, y=MULTI_HOT)[2] == []


@BOTH
def test_the_train_function_is_the_models_own_again(framework):
    model = model_of(framework)
    model.fit(X, MULTI_HOT, verbose=0)
    train = model.train_function
    fitted(model, [mllint.HeadCheck()], x=X, y=MULTI_HOT)
    assert model.train_function is train


def test_a_model_of_the_users_own_class_is_checked_on_the_first_batch():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.scores = keras.layers.Dense(3)

        def call(self, x):
            return tf.nn.softmax(self.scores(x))

    model = Own()
    model.compile("sgd", "categorical_crossentropy")
    said = fitted(model, [mllint.HeadCheck()], x=X, y=MULTI_HOT)[2]
    assert any("softmax-with-multi-hot-labels" in one for one in said)


def test_what_it_cannot_look_at_it_says():
    """Ragged input: more than tensors."""
    inputs = keras.Input((4,))
    model = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(inputs))
    model.compile("sgd", "categorical_crossentropy")
    from mllint.live.first_batch import OutOfSight, _drawn

    ragged = tf.data.Dataset.from_tensors(tf.ragged.constant([[1.0], [2.0, 3.0]]))
    with pytest.raises(OutOfSight, match="more than tensors"):
        _drawn(iter(ragged), 1)


def test_only_warn_and_raise_are_known():
    with pytest.raises(ValueError, match="'warn' or 'raise'"):
        mllint.HeadCheck(on="shout")
