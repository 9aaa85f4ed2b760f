from tensorflow import keras

ACTIVATION = "sigmoid"


def build():
    return keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation="sigmoid")])


from heads import *

model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=ACTIVATION)])
model.compile("adam", "categorical_crossentropy")
model = build()
model.compile("adam", "categorical_crossentropy")
ACTIVATION = "sigmoid"
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=ACTIVATION)])
model.compile("adam", "categorical_crossentropy")
