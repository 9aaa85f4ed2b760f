ACTIVATION = "sigmoid"
