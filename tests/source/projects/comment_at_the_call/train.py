from models import build

model = build(1)
model.compile("adam", "binary_crossentropy")  # mllint: ignore[one-unit-softmax] a demonstration
