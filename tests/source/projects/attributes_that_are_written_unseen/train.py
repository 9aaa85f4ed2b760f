import json
import sys

from tensorflow import keras

from config import as_it_is, by_dict, by_itself, by_name, by_vars

for argument in sys.argv[1:]:
    name, value = argument.split("=")
    setattr(by_name, name, value)
by_dict.__dict__.update(json.load(open("config.json")))
vars(by_vars).update(json.load(open("config.json")))
by_itself.load("config.json")
print(as_it_is)
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=by_name.activation)])
model.compile("adam", "categorical_crossentropy")
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=by_dict.activation)])
model.compile("adam", "categorical_crossentropy")
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=by_vars.activation)])
model.compile("adam", "categorical_crossentropy")
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=by_itself.activation)])
model.compile("adam", "categorical_crossentropy")
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=as_it_is.activation)])
model.compile("adam", "categorical_crossentropy")
by_name.activation = "sigmoid"
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=by_name.activation)])
model.compile("adam", "categorical_crossentropy")
