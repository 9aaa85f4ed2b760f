from models import build

model = build(10, "sigmoid")
model.compile("adam", "categorical_crossentropy")
