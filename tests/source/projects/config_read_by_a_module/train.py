from settings import CONFIG, LOSS
from tensorflow import keras

model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(CONFIG["units"], CONFIG["activation"])])
model.compile("adam", LOSS)
