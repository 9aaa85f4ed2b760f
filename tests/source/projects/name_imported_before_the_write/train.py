from tensorflow import keras

import config
from config import LOSS

config.LOSS = "mse"
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation="sigmoid")])
model.compile("adam", LOSS)
