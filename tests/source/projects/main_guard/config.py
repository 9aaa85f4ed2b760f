LOSS = "categorical_crossentropy"
if __name__ == "__main__":
    LOSS = "binary_crossentropy"
