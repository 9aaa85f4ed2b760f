from tensorflow import keras


def build_compiled(units):
    model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(units, activation="softmax")])
    model.compile("adam", loss="categorical_crossentropy")
    return model
