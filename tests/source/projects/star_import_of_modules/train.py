from backend import keras

model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(1, activation="softmax")])
model.compile("adam", "binary_crossentropy")
