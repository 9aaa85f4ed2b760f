__all__ = ["ACTIVATION"]
ACTIVATION = "sigmoid"
LOSS = "categorical_crossentropy"
_UNITS = 1
