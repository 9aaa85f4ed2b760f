NUM_CLASSES = 10
LOSS = "categorical_crossentropy"
