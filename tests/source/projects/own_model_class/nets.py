from tensorflow import keras

UNITS = 10


class Net(keras.Model):
    def __init__(self, activation):
        super().__init__()
        self.out = keras.layers.Dense(UNITS, activation=activation)

    def call(self, x):
        return self.out(x)
