import yaml
from tensorflow import keras

with open("config.yaml") as stream:
    config = yaml.safe_load(stream)
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(config["units"], config["activation"])])
model.compile("adam", config["loss"])
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(config["units"], config["other"]["activation"])])
model.compile("adam", config["loss"])
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(config["units"], config["activation"])])
model.compile("adam", config["other"]["loss"])
