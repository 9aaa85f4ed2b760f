import config
from models import build

config.LOSS = "binary_crossentropy"
model = build()
model.fit(x, y)
