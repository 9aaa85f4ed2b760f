from tensorflow import keras

from train import ACTIVATION

head = keras.layers.Dense(10, activation=ACTIVATION)
