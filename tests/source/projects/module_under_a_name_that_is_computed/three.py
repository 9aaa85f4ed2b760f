ACTIVATION = "sigmoid"
import json
import sys

for name, value in json.load(open("config.json")).items():
    setattr(sys.modules[__name__], name, value)
