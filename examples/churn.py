"""Predicts whether a customer leaves."""

import argparse

import numpy as np
from tensorflow import keras


def build_model(units: int, activation: str) -> keras.Model:
    inputs = keras.Input((12,))
    hidden = keras.layers.Dense(32, activation="relu")(inputs)
    outputs = keras.layers.Dense(units, activation=activation)(hidden)
    return keras.Model(inputs, outputs)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=3)
    epochs = parser.parse_args().epochs

    customers = np.random.rand(400, 12).astype("float32")
    leaves = np.random.randint(0, 2, size=400)

    model = build_model(1, "softmax")
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    model.fit(customers, leaves, epochs=epochs)


if __name__ == "__main__":
    main()
