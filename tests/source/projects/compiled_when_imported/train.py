from models import model
from sklearn.datasets import load_digits

x, y = load_digits(return_X_y=True)
model.fit(x, y)
