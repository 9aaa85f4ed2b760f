"""A layer and an activation."""

import keras


@keras.saving.register_keras_serializable("acme")
class NormedDense(keras.layers.Dense):
    def __init__(self, units, activation=None, epsilon=1e-6, **kwargs):
        super().__init__(units, activation=activation, **kwargs)
        self.epsilon = epsilon


@keras.saving.register_keras_serializable("acme")
def hard_gate(x):
    return keras.activations.hard_sigmoid(x)
