"""Losses that saved models know by their registered names."""

import keras


@keras.saving.register_keras_serializable("acme")
def weighted_bce(y_true, y_pred, from_logits=False, weight=2.0):
    return weight * keras.losses.binary_crossentropy(y_true, y_pred, from_logits=from_logits)


@keras.saving.register_keras_serializable("acme")
class SmoothedCrossentropy(keras.losses.BinaryCrossentropy):
    pass
