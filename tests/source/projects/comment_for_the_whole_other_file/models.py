# mllint: ignore-file[one-unit-softmax] demonstrations
from tensorflow import keras


def build(units, activation="softmax"):
    return keras.Sequential([keras.Input((20,)), keras.layers.Dense(units, activation=activation)])
