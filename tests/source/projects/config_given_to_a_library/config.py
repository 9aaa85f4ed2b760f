class Config:
    activation = "sigmoid"


config = Config()
ENTRIES = {"activation": "sigmoid"}
PRINTED = {"activation": "sigmoid"}
