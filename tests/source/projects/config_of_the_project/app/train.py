import json

from keras import Input, Sequential
from keras.layers import Dense

config = json.load(open("config.json"))

flawed = Sequential([Input((20,)), Dense(**config["flawed"])])
flawed.compile("adam", loss=config["loss"])

right = Sequential([Input((20,)), Dense(**config["right"])])
right.compile("adam", loss=config["loss"])
