from tensorflow import keras


class Base(keras.Model):
    def call(self, x):
        return self.head(x)
