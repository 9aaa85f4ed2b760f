from tensorflow import keras

import project.losses

model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation="sigmoid")])
model.compile("adam", loss=project.losses.CHOSEN)
