import json

from tensorflow import keras
from tuner import override

import names
from config import ENTRIES, PRINTED, config

override(config)
override(ENTRIES)
override(names)
json.dumps(PRINTED)
print(PRINTED, sorted(PRINTED))
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=config.activation)])
model.compile("adam", "categorical_crossentropy")
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=ENTRIES["activation"])])
model.compile("adam", "categorical_crossentropy")
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=names.ACTIVATION)])
model.compile("adam", "categorical_crossentropy")
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=PRINTED["activation"])])
model.compile("adam", "categorical_crossentropy")
