from tensorflow import keras


ACTIVATION = "sigmoid"


def head(units):
    return keras.layers.Dense(units, activation=ACTIVATION)
