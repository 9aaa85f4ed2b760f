from tensorflow import keras

from project.data import load_labels

y = load_labels()
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation="softmax")])
model.compile("adam", loss="categorical_crossentropy")
model.fit(x, y)
