"""verify_model judges a model in the user's own process, and leaves everything as it was."""

from __future__ import annotations

import random
from typing import Any

import pytest

import mllint

pytestmark = pytest.mark.tensorflow

np = pytest.importorskip("numpy")
keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")
tf_keras = pytest.importorskip("tf_keras")

BOTH = pytest.mark.parametrize("framework", [keras, tf_keras], ids=["keras3", "tf_keras"])
X = np.random.default_rng(2).normal(size=(64, 4)).astype("float32")
MULTI_HOT = (np.random.default_rng(3).random((64, 3)) > 0.5).astype("float32")


def model_of(framework: Any, loss: Any = "categorical_crossentropy", **options: Any) -> Any:
    layers = [framework.layers.Dense(8, activation="relu"), framework.layers.Dropout(0.5)]
    layers += [framework.layers.BatchNormalization(), framework.layers.Dense(3, activation="softmax")]
    model = framework.Sequential([framework.Input((4,)), *layers])
    if loss is not None:
        model.compile(framework.optimizers.Adam(0.01), loss, metrics=["accuracy", framework.metrics.AUC()], **options)
    return model


def rules_of(findings: list[Any]) -> set[str]:
    return {finding.rule for finding in findings}


@BOTH
def test_what_does_not_belong_together_is_found(framework):
    findings = mllint.verify_model(model_of(framework), X, MULTI_HOT)
    assert "softmax-with-multi-hot-labels" in rules_of(findings)
    assert all(location.part for finding in findings for location in finding.locations)


@BOTH
def test_what_belongs_together_is_left_alone(framework):
    one_hot = np.eye(3, dtype="float32")[np.arange(64) % 3]
    assert mllint.verify_model(model_of(framework), X, one_hot) == []


@BOTH
def test_loss_and_labels_can_be_stated(framework):
    model = model_of(framework, loss=None)
    assert "softmax-with-multi-hot-labels" not in rules_of(mllint.verify_model(model, X, MULTI_HOT))
    stated = mllint.verify_model(model, X, MULTI_HOT, loss="categorical_crossentropy")
    assert "softmax-with-multi-hot-labels" in rules_of(stated)
    few = np.eye(3)
    assert "softmax-with-multi-hot-labels" in rules_of(
        mllint.verify_model(model, X[:3], few, loss="categorical_crossentropy", labels="multi-hot")
    )


@BOTH
def test_a_loss_that_keras_refuses_is_a_finding(framework):
    """fit raises of it; a rule on the facts names the cause where there is one, else the words of Keras do."""
    misspelt = mllint.verify_model(model_of(framework, "categorical_cross_entropy"), X)
    assert rules_of(misspelt) == {"unknown-identifier"}
    (refused,) = mllint.verify_model(model_of(framework, 3), X)
    assert refused.rule == "loss-cannot-be-computed"
    assert "Could not interpret loss" in refused.message


@BOTH
def test_a_stated_loss_that_keras_refuses_is_an_error_of_the_caller(framework):
    with pytest.raises(ValueError, match="categorical_cross_entropy"):
        mllint.verify_model(model_of(framework, loss=None), X, loss="categorical_cross_entropy")


def test_an_uncompiled_model_stays_uncompiled():
    model = model_of(keras, loss=None)
    mllint.verify_model(model, X, MULTI_HOT, loss="categorical_crossentropy")
    assert not model.compiled
    assert model.loss is None
    assert model._compile_loss is None


@BOTH
@pytest.mark.parametrize("trained", [False, True])
@pytest.mark.parametrize("options", [{}, {"run_eagerly": True}, {"jit_compile": True}], ids=["graph", "eager", "xla"])
def test_everything_is_left_as_it_was(framework, trained, options):
    framework.utils.set_random_seed(11)
    model = model_of(framework, **options)
    if trained:
        model.fit(X, MULTI_HOT, verbose=0)
    before = everything(model)
    draws = [state() for state in random_states(framework)]
    mllint.verify_model(model, X, MULTI_HOT)
    assert [state() for state in random_states(framework)] == draws
    after = everything(model)
    assert before.keys() == after.keys()
    for name, value in before.items():
        assert np.array_equal(value, after[name]), name


@BOTH
def test_training_goes_on_as_if_it_had_not_been_there(framework):
    def trained(verify: bool) -> Any:
        framework.utils.set_random_seed(12)
        model = model_of(framework)
        first = model.fit(X, MULTI_HOT, verbose=0, epochs=2).history
        if verify:
            mllint.verify_model(model, X, MULTI_HOT)
        return (
            list(first.values()),
            list(model.fit(X, MULTI_HOT, verbose=0, epochs=2).history.values()),
            model.get_weights(),
        )

    once, again = trained(False), trained(True)
    assert once[:2] == again[:2]
    assert all(np.array_equal(a, b) for a, b in zip(once[2], again[2], strict=True))


def everything(model: Any) -> dict[str, Any]:
    """Every value that the model holds, and which objects its attributes are."""
    optimizer = model.optimizer.variables
    state = list(optimizer() if callable(optimizer) else optimizer)
    metrics = [variable for metric in model.metrics for variable in metric.variables]
    values = {f"variable {n} {v.name}": v.numpy() for n, v in enumerate([*model.variables, *state, *metrics])}
    return values | {f"attribute {name}": id(value) for name, value in vars(model).items()}


def random_states(framework: Any) -> list[Any]:
    """What each generator would draw next, without drawing."""
    from tensorflow.python.eager import context

    states = [random.getstate, lambda: repr(np.random.get_state()), lambda: context.context()._rng.getstate()]
    if framework is keras:
        from keras.src.backend.common import global_state

        states.append(lambda: dict(global_state.get_global_attribute("object_name_uids")))
    return states


def test_it_says_nothing_itself(recwarn, capsys):
    """Keras' warning of from_logits is for the training, not for the check."""
    model = model_of(keras, keras.losses.CategoricalCrossentropy(from_logits=True))
    recwarn.clear()
    mllint.verify_model(model, X, MULTI_HOT)
    assert not recwarn.list
    assert capsys.readouterr().out == ""


def test_an_unbuilt_model_is_built():
    model = keras.Sequential([keras.layers.Dense(3, activation="softmax")])
    model.compile("sgd", "categorical_crossentropy")
    assert rules_of(mllint.verify_model(model, X, MULTI_HOT)) == {"softmax-with-multi-hot-labels"}
    assert model.built


def test_it_is_imported_when_it_is_asked_for():
    with pytest.raises(AttributeError):
        _ = mllint.no_such_name
    assert callable(mllint.verify_model)


@BOTH
def test_a_softmax_whose_classes_are_moved_to_another_axis_is_no_softmax_of_one_unit(framework):
    layers = [framework.layers.Dense(3, activation="softmax"), framework.layers.Reshape((3, 1))]
    model = framework.Sequential([framework.Input((4,)), *layers])
    model.compile("sgd", "mse")
    one_hot = np.eye(3, dtype="float32")[np.arange(64) % 3]
    assert mllint.verify_model(model, X, one_hot[..., None]) == []


def test_a_metric_of_the_program_is_not_that_of_keras_whatever_its_name():
    def accuracy(y_true, y_pred):
        return keras.ops.mean(keras.ops.equal(y_true, keras.ops.cast(y_pred > 0.5, y_true.dtype)))

    for metrics, reported in ((["accuracy"], True), ([accuracy], False)):
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="sigmoid")])
        model.compile(loss="binary_crossentropy", metrics=metrics)
        found = rules_of(mllint.verify_model(model, X, MULTI_HOT))
        assert ("accuracy-on-multi-label" in found) is reported
