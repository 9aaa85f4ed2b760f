from tensorflow import keras

from config import *

model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=ACTIVATION)])
model.compile("adam", "categorical_crossentropy")
