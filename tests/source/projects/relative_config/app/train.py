from tensorflow import keras

from .config import LOSS, NUM_CLASSES

model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(NUM_CLASSES, activation="sigmoid")])
model.compile("adam", LOSS)
