from models import build


def test_build():
    model = build(1)
    model.compile("adam", "binary_crossentropy")
