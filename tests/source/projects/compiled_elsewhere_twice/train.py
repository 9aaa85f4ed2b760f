from models import build_compiled
from sklearn.datasets import load_digits

x, y = load_digits(return_X_y=True)
model = build_compiled(10)
model.fit(x, y)
