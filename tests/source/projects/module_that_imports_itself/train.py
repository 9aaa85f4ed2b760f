from tensorflow import keras

from models import SAME

model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(SAME, activation="softmax")])
model.compile("adam", "binary_crossentropy")
