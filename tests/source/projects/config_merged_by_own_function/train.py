import yaml
from tensorflow import keras

from config import ENTRIES, merge

merge(ENTRIES, yaml.safe_load(open("config.yaml")))
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=ENTRIES["activation"])])
model.compile("adam", "categorical_crossentropy")
