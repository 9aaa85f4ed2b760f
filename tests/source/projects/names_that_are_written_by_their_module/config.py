import json

ACTIVATION = "sigmoid"
globals().update(json.load(open("config.json")))
