from models import build

model = build(1)
model.compile("adam", "binary_crossentropy")
