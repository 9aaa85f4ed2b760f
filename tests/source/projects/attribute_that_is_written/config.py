LOSS = "categorical_crossentropy"
