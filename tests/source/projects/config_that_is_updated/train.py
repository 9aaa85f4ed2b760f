from tensorflow import keras

from config import CONFIG, OTHER

model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=CONFIG["activation"])])
model.compile("adam", "categorical_crossentropy")
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=OTHER["activation"])])
model.compile("adam", "categorical_crossentropy")
