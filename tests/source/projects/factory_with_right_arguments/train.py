from models import build

model = build(10, "softmax")
model.compile("adam", "categorical_crossentropy")
binary = build(1, activation="sigmoid")
binary.compile("adam", "binary_crossentropy")
