from tensorflow import keras

from config import UNITS

model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(UNITS, activation="softmax")])
model.compile("adam", "categorical_crossentropy")
