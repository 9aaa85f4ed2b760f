from tensorflow import keras

__all__ = ["ACTIVATION"]
ACTIVATION = "sigmoid"
LOSS = "categorical_crossentropy"
