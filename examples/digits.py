"""Reads digits with a training loop of its own."""

import tensorflow as tf

(images, labels), _ = tf.keras.datasets.mnist.load_data()
batches = tf.data.Dataset.from_tensor_slices((images / 255.0, labels)).shuffle(1000).batch(64)

model = tf.keras.Sequential(
    [
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(128, activation="relu"),
        tf.keras.layers.Dense(10),
    ]
)
optimizer = tf.keras.optimizers.Adam()
loss_fn = tf.keras.losses.SparseCategoricalCrossentropy()

for image_batch, label_batch in batches:
    with tf.GradientTape() as tape:
        loss = loss_fn(label_batch, model(image_batch, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
