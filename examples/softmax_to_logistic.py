"""From a softmax head (exactly one class applies) to a logistic head (any number of labels apply), in three ways."""

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

# Example 1: a Sequential model -------------------------------------------------------------------------------------

# Initial model with softmax
num_classes = 10
model_softmax = tf.keras.Sequential([
    layers.Dense(64, activation='relu', input_shape=(100,)),
    layers.Dense(num_classes, activation='softmax')
])

# Dummy data
x_train = np.random.rand(100, 100).astype(np.float32)
y_train_onehot = np.random.randint(0, 2, size=(100, num_classes)).astype(np.float32)  # one-hot encoded labels
model_softmax.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])
model_softmax.fit(x_train, y_train_onehot, epochs=2)

# Model with sigmoid
num_classes = 10
model_sigmoid = tf.keras.Sequential([
    layers.Dense(64, activation='relu', input_shape=(100,)),
    layers.Dense(num_classes, activation='sigmoid')
])

model_sigmoid.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
y_train_multilabel = np.random.randint(0, 2, size=(100, num_classes)).astype(np.float32)
model_sigmoid.fit(x_train, y_train_multilabel, epochs=2)

# Example 2: a functional model -------------------------------------------------------------------------------------

# Functional API model with softmax

inputs = tf.keras.Input(shape=(100,))
x = layers.Dense(64, activation='relu')(inputs)
outputs = layers.Dense(num_classes, activation='softmax')(x)
model_softmax_functional = tf.keras.Model(inputs=inputs, outputs=outputs)

model_softmax_functional.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])
model_softmax_functional.fit(x_train, y_train_onehot, epochs=2)

# Functional API model with sigmoid

inputs = tf.keras.Input(shape=(100,))
x = layers.Dense(64, activation='relu')(inputs)
outputs = layers.Dense(num_classes, activation='sigmoid')(x)
model_sigmoid_functional = tf.keras.Model(inputs=inputs, outputs=outputs)

model_sigmoid_functional.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
model_sigmoid_functional.fit(x_train, y_train_multilabel, epochs=2)

# Example 3: labels that do not exclude each other ------------------------------------------------------------------

# Incorrect approach, but common misunderstanding

inputs = tf.keras.Input(shape=(100,))
x = layers.Dense(64, activation='relu')(inputs)
outputs = layers.Dense(num_classes, activation='sigmoid')(x)
incorrect_model = tf.keras.Model(inputs=inputs, outputs=outputs)

# Attempting to use categorical cross entropy with a sigmoid activation and binary labels (will not work correctly):
#incorrect_model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy']) # This is incorrect

# Correct approach

correct_model = tf.keras.Model(inputs=inputs, outputs=outputs)
correct_model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
correct_model.fit(x_train, y_train_multilabel, epochs=2)
