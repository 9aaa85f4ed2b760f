import gin
from tensorflow import keras


@gin.configurable
def head(activation="sigmoid"):
    return keras.layers.Dense(10, activation=activation)


@keras.saving.register_keras_serializable()
def known_head(activation="sigmoid"):
    return keras.layers.Dense(10, activation=activation)
