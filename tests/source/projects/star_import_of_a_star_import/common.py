from tensorflow.keras.layers import *
from tensorflow import keras
