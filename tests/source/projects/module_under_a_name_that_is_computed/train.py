import importlib
import sys

from tensorflow import keras

import one
import three
import two

sys.modules["one"].ACTIVATION = "softmax"
importlib.import_module("two").ACTIVATION = "softmax"
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=one.ACTIVATION)])
model.compile("adam", "categorical_crossentropy")
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=two.ACTIVATION)])
model.compile("adam", "categorical_crossentropy")
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=three.ACTIVATION)])
model.compile("adam", "categorical_crossentropy")
