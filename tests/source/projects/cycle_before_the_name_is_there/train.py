from tensorflow import keras

import models

model = keras.Sequential([keras.Input((20,)), models.head])
model.compile("adam", "categorical_crossentropy")
ACTIVATION = "sigmoid"
other = keras.Sequential([keras.Input((20,)), keras.layers.Dense(1, activation="softmax")])
other.compile("adam", "binary_crossentropy")
