"""What the interpreter knows of Keras and TensorFlow: how layers, models and losses are made and called."""
