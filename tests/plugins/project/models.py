"""Makes the models of the test; as a program it saves them, in both formats."""

import keras
from acme.layers import NormedDense, hard_gate
from acme.losses import SmoothedCrossentropy, weighted_bce
from acme.metrics import TagRecall


def functions():
    model = keras.Sequential([keras.Input((4,)), NormedDense(3, activation="softmax")])
    model.compile("adam", weighted_bce, metrics=[TagRecall()])
    return model


def classes():
    model = keras.Sequential([keras.Input((4,)), NormedDense(3, activation=hard_gate)])
    model.compile("adam", SmoothedCrossentropy(from_logits=True), metrics=[TagRecall(threshold=0.0)])
    return model


if __name__ == "__main__":
    for make in (functions, classes):
        for suffix in (".keras", ".h5"):
            make().save(f"{make.__name__}{suffix}")
