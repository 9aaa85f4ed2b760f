from models import build

for_classes = build(10)
for_classes.compile("adam", "categorical_crossentropy")
wrong = build(1)
wrong.compile("adam", "binary_crossentropy")
