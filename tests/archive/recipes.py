"""Models to save, in the words of the Keras that is handed in: Keras 3, tf_keras, the Keras 2 in TensorFlow 2.15.

This module imports nothing of mllint or its tests: models/make.py runs it where mllint is not installed.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf


def sequential(keras: Any) -> Any:
    model = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(10, activation="sigmoid")]
    )
    metrics = ["accuracy", keras.metrics.AUC(from_logits=True), keras.metrics.BinaryAccuracy(threshold=0.3)]
    model.compile(loss="categorical_crossentropy", metrics=metrics)
    return model


def two_outputs(keras: Any) -> Any:
    inputs = keras.Input((4,))
    hidden = keras.layers.Dense(8, activation=tf.nn.relu)(inputs)
    scores = keras.layers.Dropout(0.1)(keras.layers.Dense(3)(hidden))
    tags = keras.layers.Activation(keras.activations.softmax, name="tags")(scores)
    spam = keras.layers.Dense(1, activation=tf.nn.sigmoid, name="spam", dtype="float16")(hidden)
    model = keras.Model(inputs, [tags, spam])
    model.compile(
        loss={
            "tags": keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
            "spam": keras.losses.binary_crossentropy,
        },
        metrics={"tags": ["acc"], "spam": [keras.metrics.Precision(thresholds=0.2)]},
    )
    return model


def list_of_losses(keras: Any) -> Any:
    inputs = keras.Input((4,))
    outputs = [keras.layers.Dense(2, activation="softmax", name="a")(inputs), keras.layers.Dense(1, name="b")(inputs)]
    model = keras.Model(inputs, outputs)
    model.compile(loss=["sparse_categorical_crossentropy", "mse"])
    return model


def reshaped(keras: Any) -> Any:
    layers = [keras.Input((4,)), keras.layers.Dense(6), keras.layers.Reshape((2, 3)), keras.layers.Softmax()]
    model = keras.Sequential(layers)
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy())
    return model


def nested(keras: Any) -> Any:
    inner = keras.Sequential([keras.Input((6,)), keras.layers.Dense(5, activation="softmax")], name="inner")
    inputs = keras.Input((4,))
    model = keras.Model(inputs, inner(keras.layers.Dense(6)(inputs)))
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def nested_without_head(keras: Any) -> Any:
    """The scores are in the inner model, which hands on its second input."""
    left, right = keras.Input((4,)), keras.Input((5,))
    inner = keras.Model([left, right], keras.layers.Dropout(0.5)(right), name="inner")
    inputs = keras.Input((4,))
    first, second = keras.layers.Dense(4)(inputs), keras.layers.Dense(5, activation="tanh")(inputs)
    model = keras.Model(inputs, inner([first, second]))
    model.compile(loss="hinge")
    return model


def nested_called_twice(keras: Any) -> Any:
    """The first output is what the second call of the inner model puts out."""
    values = keras.Input((5,))
    inner = keras.Model(values, keras.layers.Activation("tanh")(values), name="inner")
    inputs = keras.Input((4,))
    first = inner(keras.layers.Dense(5)(inputs))
    second = inner(keras.layers.Dropout(0.1)(first))
    model = keras.Model(inputs, [second, keras.layers.Dense(2, name="last")(second)])
    model.compile(loss=["hinge", "mse"])
    return model


def layer_called_twice(keras: Any) -> Any:
    """The shared activation stands behind the units of its second call."""
    inputs = keras.Input((4,))
    squash = keras.layers.Activation("sigmoid")
    hidden = squash(keras.layers.Dense(8)(inputs))
    model = keras.Model(inputs, squash(keras.layers.Dense(2)(hidden)))
    model.compile(loss="binary_crossentropy")
    return model


def scaled(keras: Any) -> Any:
    inputs = keras.Input((4,))
    probabilities = keras.layers.Dense(3, activation="softmax")(inputs)
    model = keras.Model(inputs, probabilities * 5.0 + 1.0)
    model.compile(loss="mse")
    return model


def operation(keras: Any) -> Any:
    """An operation makes the activation: tf.nn.softmax in Keras 2, keras.ops.softmax in Keras 3."""
    inputs = keras.Input((4,))
    scores = keras.layers.Dense(3)(inputs)
    model = keras.Model(inputs, keras.ops.softmax(scores) if hasattr(keras, "ops") else tf.nn.softmax(scores))
    model.compile(loss="categorical_crossentropy")
    return model


def merged(keras: Any) -> Any:
    inputs = keras.Input((4,))
    one, other = (keras.layers.Dense(3, activation="softmax")(inputs) for _ in range(2))
    model = keras.Model(inputs, keras.layers.Multiply()([one, other]))
    model.compile(loss="categorical_crossentropy")
    return model


def over_time(keras: Any) -> Any:
    model = keras.Sequential(
        [
            keras.Input((4, 3)),
            keras.layers.Bidirectional(keras.layers.LSTM(4, return_sequences=True)),
            keras.layers.TimeDistributed(keras.layers.Dense(2, activation="softmax")),
        ]
    )
    model.compile(loss="sparse_categorical_crossentropy")
    return model


def bidirectional(keras: Any) -> Any:
    model = keras.Sequential([keras.Input((4, 3)), keras.layers.Bidirectional(keras.layers.GRU(4))])
    model.compile(loss="mse")
    return model


def half_precision(keras: Any) -> Any:
    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
    finally:
        keras.mixed_precision.set_global_policy("float32")
    model.compile(loss="categorical_crossentropy")
    return model


def mixed_precision(keras: Any) -> Any:
    """Half precision but for the last layer."""
    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        layers = [keras.Input((4,)), keras.layers.Dense(3), keras.layers.Activation("softmax", dtype="float32")]
        model = keras.Sequential(layers)
    finally:
        keras.mixed_precision.set_global_policy("float32")
    model.compile(loss="categorical_crossentropy", run_eagerly=True)
    return model


def activation_layer(keras: Any) -> Any:
    """An activation that is a layer object."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation=keras.layers.LeakyReLU())])
    model.compile(loss="mse")
    return model


def without_training(keras: Any) -> Any:
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])


def own_loss(keras: Any) -> Any:
    def distance(labels: Any, predictions: Any) -> Any:
        return tf.reduce_mean(labels - predictions)

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    model.compile(loss=distance)
    return model


def lambda_loss(keras: Any) -> Any:
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    model.compile(loss=lambda labels, predictions: tf.reduce_mean(labels - predictions))
    return model


def lambda_layer(keras: Any) -> Any:
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Lambda(lambda x: x * 2)])
    model.compile(loss="mse")
    return model


def own_activation(keras: Any) -> Any:
    def swoosh(values: Any) -> Any:
        return values * 0.5

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation=swoosh)])
    model.compile(loss="categorical_crossentropy")
    return model


def own_layer(keras: Any) -> Any:
    class Dense(keras.layers.Layer):  # type: ignore[misc, name-defined]
        def call(self, inputs: Any) -> Any:
            return inputs * 2

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), Dense()])
    model.compile(loss="categorical_crossentropy")
    return model


def own_layer_of_a_script(keras: Any) -> Any:
    """What the file says of a class in the script that is run: it has no module."""

    class Dense(keras.layers.Layer):  # type: ignore[misc, name-defined]
        def call(self, inputs: Any) -> Any:
            return inputs * 2

    Dense.__module__ = "__main__"
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), Dense()])
    model.compile(loss="categorical_crossentropy")
    return model


def dict_of_outputs(keras: Any) -> Any:
    inputs = keras.Input((4,))
    tags = keras.layers.Dense(3, activation="sigmoid", name="first")(inputs)
    price = keras.layers.Dense(1, name="second")(inputs)
    model = keras.Model(inputs, {"tags": tags, "price": price})
    model.compile(loss={"tags": "binary_crossentropy", "price": "mse"}, metrics={"tags": ["accuracy"]})
    return model


def nested_class(keras: Any) -> Any:
    class Scaled(keras.Model):  # type: ignore[misc, name-defined]
        def call(self, inputs: Any) -> Any:
            return super().call(inputs) * 2

    inside = keras.Input((6,))
    inner = Scaled(inside, keras.layers.Dense(5, activation="softmax")(inside), name="inner")
    inputs = keras.Input((4,))
    model = keras.Model(inputs, inner(keras.layers.Dense(6)(inputs)))
    model.compile(loss="categorical_crossentropy")
    return model


def subclass(keras: Any) -> Any:
    class Tagger(keras.Model):  # type: ignore[misc, name-defined]
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.head = keras.layers.Dense(2)

        def call(self, inputs: Any) -> Any:
            return self.head(inputs)

    model = Tagger()
    model.compile(loss="mse")
    model(tf.zeros((1, 4)))
    return model


def functional_subclass(keras: Any) -> Any:
    class Trained(keras.Model):  # type: ignore[misc, name-defined]
        def train_step(self, data: Any) -> Any:
            raise NotImplementedError

    inputs = keras.Input((4,))
    model = Trained(inputs, keras.layers.Dense(3)(inputs))
    model.compile(loss="categorical_crossentropy")
    return model


RECIPES = {
    recipe.__name__: recipe
    for recipe in (
        sequential, two_outputs, list_of_losses, reshaped, nested, nested_without_head,
        nested_called_twice, layer_called_twice, scaled,
        operation, merged, over_time, bidirectional, half_precision, mixed_precision, activation_layer,
        without_training, own_loss, lambda_loss, lambda_layer, own_activation, own_layer,
        own_layer_of_a_script, dict_of_outputs, nested_class, subclass,
        functional_subclass,
    )
}  # fmt: skip
