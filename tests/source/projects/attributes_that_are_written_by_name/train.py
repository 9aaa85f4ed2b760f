import json

from tensorflow import keras

import config

for name, value in json.load(open("config.json")).items():
    setattr(config, name, value)

model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=config.ACTIVATION)])
model.compile("adam", "categorical_crossentropy")
