from tensorflow import keras


from . import parts as L


def make_cnn(units):
    return keras.Sequential([keras.Input((20,)), L.head(units)])
