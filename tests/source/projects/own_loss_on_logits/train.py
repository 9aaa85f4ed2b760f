from tensorflow import keras

from losses import on_logits, on_probabilities

good = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10)])
good.compile("adam", on_logits)
bad = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10)])
bad.compile("adam", on_probabilities)
