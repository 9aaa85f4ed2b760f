import config

config.LOSS = "categorical_crossentropy"
