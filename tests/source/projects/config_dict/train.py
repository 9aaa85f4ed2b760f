from tensorflow import keras

from config import CONFIG

model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(**CONFIG["head"])])
model.compile("adam", loss=CONFIG["loss"])
