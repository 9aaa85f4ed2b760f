from tensorflow import keras


def build(units):
    return keras.Sequential(
        [
            keras.Input((20,)),
            keras.layers.Dense(units, activation="softmax"),
        ]  # mllint: ignore[one-unit-softmax] a demonstration
    )
