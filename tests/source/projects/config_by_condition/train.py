from tensorflow import keras

import config

model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(config.UNITS, activation=config.ACTIVATION)])
model.compile("adam", loss=config.LOSS)
