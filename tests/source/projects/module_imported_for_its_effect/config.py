LOSS = "binary_crossentropy"
