CONFIG = {"loss": "categorical_crossentropy", "head": {"units": 10, "activation": "sigmoid"}}
