from models import build_model

model = build_model(10)
model.compile("adam", loss="categorical_crossentropy")
