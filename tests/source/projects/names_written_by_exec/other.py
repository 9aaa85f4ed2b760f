import json

ACTIVATION = "sigmoid"
locals().update(json.load(open("config.json")))
