import sys

from tensorflow import keras

if sys.argv[1] == "b":
    from conf_b import *

    LOSS = "categorical_crossentropy"
else:
    from conf_a import *

    LOSS = "binary_crossentropy"
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=ACTIVATION)])
model.compile("adam", LOSS)
model.compile("adam", "categorical_crossentropy")
