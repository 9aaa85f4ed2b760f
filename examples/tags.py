"""Tags articles: any number of 20 tags may apply to each."""

import numpy as np
from tensorflow import keras

TAGS = 20

articles = np.random.rand(500, 300).astype("float32")
tags = np.random.randint(0, 2, size=(500, TAGS))

model = keras.Sequential(
    [
        keras.Input((300,)),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(TAGS, activation="sigmoid"),
    ]
)
model.compile(optimizer="adam", loss="categorical_crossentropy")
model.fit(articles, tags, epochs=3)
