from backend import keras
