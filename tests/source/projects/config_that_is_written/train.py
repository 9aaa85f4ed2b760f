import yaml
from tensorflow import keras

CONFIG = "config.yaml"


def save(config):
    with open(CONFIG, "w") as stream:
        yaml.safe_dump(config, stream)


with open(CONFIG) as stream:
    config = yaml.safe_load(stream)
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(config["units"], config["activation"])])
model.compile("adam", config["loss"])
