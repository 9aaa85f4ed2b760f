"""The probes on real models: their figures against what is known of head and loss, and nothing changed afterwards."""

from __future__ import annotations

import json
import math
import warnings
from typing import Any

import pytest

from mllint.live import wire
from mllint.measured import Measured

np = pytest.importorskip("numpy")
pytest.importorskip("tensorflow")
pytestmark = pytest.mark.tensorflow

RANDOM = np.random.RandomState(0)
X = RANDOM.randn(64, 6).astype("float32")
IDS = RANDOM.randint(0, 5, 64)
ONE_HOT = np.eye(5, dtype="float32")[IDS]
SEVERAL = (RANDOM.rand(64, 5) < 0.5).astype("float32")
YES_NO = (RANDOM.rand(64, 1) < 0.5).astype("float32")


def compiled(*layers: Any, loss: Any, metrics: Any = None, **arguments: Any) -> Any:
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(8, activation="relu"), *layers])
    model.compile(optimizer="adam", loss=loss, metrics=metrics, **arguments)
    return model


def dense(units: int, activation: str | None = None, **arguments: Any) -> Any:
    import keras

    return keras.layers.Dense(units, activation=activation, **arguments)


def measure(model: Any, y: Any, x: Any = X) -> Measured:
    from mllint.live.batches import Batch
    from mllint.live.running import run
    from mllint.live.study import study

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        setup = study(run(model, x), Batch(x, y, "test"), "model", {}, seconds=60)
    assert setup.outputs[0].measured is not None
    return setup.outputs[0].measured


@pytest.mark.parametrize(
    ("units", "activation", "loss", "labels", "reached"),
    [
        (5, "softmax", "sparse_categorical_crossentropy", IDS, "calibrated"),
        (5, "softmax", "categorical_crossentropy", ONE_HOT, "calibrated"),
        (5, "sigmoid", "binary_crossentropy", SEVERAL, "calibrated"),
        (1, "sigmoid", "binary_crossentropy", YES_NO, "calibrated"),
        (1, None, "mse", X[:, :1], "calibrated"),
        (5, "softmax", "binary_crossentropy", ONE_HOT, "decision-only"),
        (5, "softmax", "binary_crossentropy", SEVERAL, "inconsistent"),
        (5, "softmax", "categorical_crossentropy", SEVERAL, "inconsistent"),
        (1, "tanh", "mse", 2 * X[:, :1], "inconsistent"),
        (1, None, "binary_crossentropy", YES_NO, "fragile"),
        (5, "softmax", "mse", IDS[:, None], "inconsistent"),
    ],
    ids=[
        "softmax-sparse",
        "softmax-categorical",
        "sigmoid-multi-label",
        "sigmoid-binary",
        "linear-number",
        "softmax-binary-one-hot",
        "softmax-binary-multi-hot",
        "softmax-categorical-multi-hot",
        "tanh-far-numbers",
        "linear-binary",
        "softmax-squares-of-class-numbers",
    ],
)
def test_free_scores_show_what_a_pair_can_learn(
    units: int, activation: str | None, loss: str, labels: Any, reached: str
) -> None:
    found = measure(compiled(dense(units, activation), loss=loss), labels).elicitation
    assert found is not None and found.reached == reached
    assert len(found.curve) > 10 and (reached != "calibrated" or found.curve[-1] < found.curve[0])


def test_a_relu_head_is_not_called_stuck_for_where_it_starts() -> None:
    found = measure(compiled(dense(5, "relu"), loss="mse"), SEVERAL).elicitation
    assert found is not None and found.reached in ("calibrated", "decision-only")


def test_the_scale_that_a_loss_leaves_open_is_not_asked_for() -> None:
    found = measure(compiled(dense(5), loss="cosine_similarity"), X[:, :5]).elicitation
    assert found is not None and found.scale_free and found.reached == "calibrated"


def test_logits_are_taken_back_in_fit_and_not_outside() -> None:
    import keras

    found = measure(compiled(dense(5, "softmax"), loss="binary_crossentropy"), ONE_HOT)
    assert found.recovers is True and found.losses is not None and found.losses.of_predictions is not None
    assert abs(found.losses.training - found.losses.of_predictions) > 1e-3
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    assert measure(compiled(dense(5, "softmax"), loss=loss), IDS).recovers is True
    behind = measure(compiled(dense(5, "softmax"), keras.layers.Reshape((5,)), loss=loss), IDS)
    assert behind.recovers is False and behind.elicitation is not None
    assert behind.elicitation.gap is not None and behind.elicitation.gap > 0.1


def test_the_activation_of_tensorflow_is_taken_back_in_a_graph_only() -> None:
    import keras
    import tensorflow as tf

    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    for run_eagerly in (False, True):
        model = compiled(dense(5, tf.nn.softmax), loss=loss, run_eagerly=run_eagerly)
        assert measure(model, IDS).recovers is not run_eagerly


def test_a_float16_head_gets_no_finite_gradient_for_a_confident_mistake() -> None:
    half = measure(compiled(dense(5, "softmax", dtype="float16"), loss="sparse_categorical_crossentropy"), IDS)
    assert half.mistake is not None and not 1e-4 < half.mistake.gradient < math.inf
    full = measure(compiled(dense(5, "softmax"), loss="sparse_categorical_crossentropy"), IDS)
    assert full.mistake is None and "float32" in next(
        skipped.reason for skipped in full.skipped if skipped.probe == "mistake in 16 bits"
    )


def test_classes_compete_under_a_softmax_and_not_under_sigmoids() -> None:
    competing = measure(compiled(dense(5, "softmax"), loss="categorical_crossentropy"), SEVERAL)
    assert competing.gradients is not None and competing.gradients.competing
    assert competing.labels is not None and competing.labels.several == (SEVERAL.sum(axis=1) > 1).mean()
    apart = measure(compiled(dense(5, "sigmoid"), loss="binary_crossentropy"), SEVERAL)
    assert apart.gradients is not None and not apart.gradients.competing


def test_a_column_that_is_compared_with_every_unit() -> None:
    spread = measure(compiled(dense(5, "softmax"), loss="mse"), IDS[:, None])
    assert spread.labels is not None and spread.labels.spread_over_units
    numbers = measure(compiled(dense(5, "softmax"), loss="sparse_categorical_crossentropy"), IDS[:, None])
    assert numbers.labels is not None and not numbers.labels.spread_over_units


def test_class_numbers_without_a_unit_are_counted_and_what_keras_says_is_kept() -> None:
    found = measure(compiled(dense(3, "softmax"), loss="sparse_categorical_crossentropy"), IDS)
    assert found.labels is not None and found.labels.without_unit == (IDS >= 3).sum()
    assert found.raised is not None and "outside the valid range" in found.raised and "File" not in found.raised
    assert found.losses is None and found.elicitation is None


def test_a_constant_is_seen_with_its_bounds() -> None:
    found = measure(compiled(dense(1, "softmax"), loss="binary_crossentropy"), YES_NO)
    assert found.batch is not None and found.batch.spread == 0
    assert found.bounds is not None and found.bounds.low == found.bounds.high == 1.0


def test_bounds_are_those_of_the_activation() -> None:
    for activation, low, high in (("sigmoid", 0.0, 1.0), ("tanh", -1.0, 1.0), ("relu", 0.0, 1e4), (None, -1e4, 1e4)):
        found = measure(compiled(dense(3, activation), loss="mse"), X[:, :3]).bounds
        assert found is not None and (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


def test_guessing_costs_the_logarithm_of_the_classes() -> None:
    found = measure(compiled(dense(5, "softmax"), loss="sparse_categorical_crossentropy"), IDS).losses
    assert found is not None and found.guessing == math.log(5) and found.untrained


def test_an_accuracy_is_compared_with_a_count() -> None:
    metrics = ["accuracy"]
    right = measure(compiled(dense(5, "softmax"), loss="categorical_crossentropy", metrics=metrics), ONE_HOT).metrics
    assert len(right) == 1 and right[0].reported == pytest.approx(right[0].counted)
    wrong = measure(compiled(dense(5, "sigmoid"), loss="binary_crossentropy", metrics=metrics), SEVERAL).metrics
    assert len(wrong) == 1 and abs(wrong[0].reported - wrong[0].counted) > 0.05


def test_positions_and_pictures_are_asked_as_samples_are() -> None:
    import keras

    steps = keras.Sequential([keras.Input((4, 6)), dense(5, "softmax")])
    steps.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    found = measure(steps, RANDOM.randint(0, 5, (64, 4)), RANDOM.randn(64, 4, 6).astype("float32"))
    assert found.elicitation is not None and found.elicitation.reached == "calibrated"
    picture = keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid")]
    )
    picture.compile(optimizer="adam", loss="binary_crossentropy")
    mask = (RANDOM.rand(16, 8, 8, 1) < 0.5).astype("float32")
    found = measure(picture, mask, RANDOM.randn(16, 8, 8, 3).astype("float32"))
    assert found.elicitation is not None and found.elicitation.reached == "calibrated"


def test_what_cannot_be_measured_is_said() -> None:
    import keras

    class Own(keras.layers.Layer):
        def build(self, shape: Any) -> None:
            self.kernel = self.add_weight(shape=(shape[-1], 1))

        def call(self, x: Any) -> Any:
            return keras.ops.sigmoid(x @ self.kernel)

    found = measure(compiled(Own(), loss="binary_crossentropy"), YES_NO)
    assert found.elicitation is None and found.batch is not None and found.losses is not None
    reasons = {skipped.probe: skipped.reason for skipped in found.skipped}
    assert "Own" in reasons["scores"] and "devices" in reasons


def test_a_model_is_afterwards_what_it_was() -> None:
    import keras
    import tensorflow as tf

    model = compiled(dense(5, "softmax"), loss="categorical_crossentropy", metrics=["accuracy"])
    model.fit(X, ONE_HOT, epochs=1, verbose=0)
    head = model.layers[-1]
    attributes = dict(vars(head))
    before = [np.array(variable) for variable in (*model.variables, *model.optimizer.variables)]
    keras.utils.set_random_seed(7)
    expected = np.random.rand(), float(tf.random.uniform(()))
    keras.utils.set_random_seed(7)
    measure(model, ONE_HOT)
    assert (np.random.rand(), float(tf.random.uniform(()))) == expected
    after = [np.array(variable) for variable in (*model.variables, *model.optimizer.variables)]
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))
    assert dict(vars(head)) == attributes


def test_measurements_come_over_the_wire_as_they_were() -> None:
    import keras

    for y, loss in ((ONE_HOT, "categorical_crossentropy"), (IDS, keras.losses.SparseCategoricalCrossentropy())):
        found = measure(compiled(dense(5, "softmax", dtype="float16"), loss=loss, metrics=["accuracy"]), y)
        sent = wire.decode(json.loads(json.dumps(wire.encode(found))))
        assert repr(sent) == repr(found)  # NaN is not equal to itself
