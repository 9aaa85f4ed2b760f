CHOSEN = "categorical_crossentropy"
