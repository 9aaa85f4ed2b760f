import yaml

CONFIG = {"activation": "sigmoid"}
CONFIG.update(yaml.safe_load(open("config.yaml")))
OTHER = {"activation": "sigmoid", **yaml.safe_load(open("config.yaml"))}
