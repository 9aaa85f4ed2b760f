"""mllint: finds Keras models whose head, loss, labels or metrics do not belong together."""

__version__ = "0.1.0"
