import os

if os.environ["BINARY"]:
    UNITS, ACTIVATION, LOSS = 1, "sigmoid", "binary_crossentropy"
else:
    UNITS, ACTIVATION, LOSS = 10, "softmax", "categorical_crossentropy"
