import argparse
import os

import yaml
from tensorflow import keras

CONFIGS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "config")


def load_config(name="model.yaml"):
    """Read config/model.yaml."""
    with open(os.path.join(CONFIGS, name)) as stream:
        try:
            return yaml.safe_load(stream)
        except yaml.YAMLError as error:
            print(error)


def build(config):
    head = config["model"]
    return keras.Sequential(
        [keras.Input((20,)), keras.layers.Dense(head["units"], activation=head.get("activation", "softmax"))]
    )


if __name__ == "__main__":
    argparse.ArgumentParser().parse_args()
    config = load_config()
    model = build(config)
    model.compile(keras.optimizers.Adam(), loss=config["training"]["loss"])
