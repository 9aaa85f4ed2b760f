from tensorflow import keras

from config import LOSS

model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation="softmax")])
model.compile("adam", LOSS)
