import argparse
import os
import sys
from pathlib import Path

import yaml
from tensorflow import keras


def compiled(path):
    with open(path) as stream:
        config = yaml.safe_load(stream)
    model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(config["units"], config["activation"])])
    model.compile("adam", config["loss"])
    return model


parser = argparse.ArgumentParser()
parser.add_argument("--config", default="config.yaml")
compiled(parser.parse_args().config)
compiled(os.environ.get("CONFIG", "config.yaml"))
compiled(os.environ["CONFIG"] + ".yaml")
compiled(f"{sys.argv[1]}.yaml")
compiled(Path(sys.argv[1]) / "config.yaml")
for path in Path("configs").glob("*.yaml"):
    compiled(path)
