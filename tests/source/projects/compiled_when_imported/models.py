from tensorflow import keras


model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation="softmax")])
model.compile("adam", loss="categorical_crossentropy")
