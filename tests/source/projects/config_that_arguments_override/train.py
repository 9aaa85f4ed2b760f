import argparse
import os
import sys

import yaml
from overrides import override
from tensorflow import keras


def load():
    with open("config.yaml") as stream:
        return yaml.safe_load(stream)


def compiled(config):
    model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(config["units"], config["activation"])])
    model.compile("adam", config["loss"])
    return model


arguments = vars(argparse.ArgumentParser().parse_args())

config = load()
config.update(arguments)
compiled(config)

config = load()
for name, value in arguments.items():
    if value is not None:
        config[name] = value
compiled(config)

compiled({**load(), **arguments})
compiled(load() | arguments)

config = load()
override(config)
compiled(config)

config = load()
config["loss"] = os.environ.get("LOSS", config["loss"])
compiled(config)

config = load()
for argument in sys.argv[1:]:
    name, value = argument.split("=")
    config[name] = value
compiled(config)
