from tensorflow import keras

import config
import other

model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=config.ACTIVATION)])
model.compile("adam", "categorical_crossentropy")
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=other.ACTIVATION)])
model.compile("adam", "categorical_crossentropy")
