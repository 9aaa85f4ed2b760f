"""The cells of the store that hold what Keras keeps of a model."""

OUTPUT, LAYERS, TRAIL, BASE = "<output>", "<layers>", "<trail>", "<base>"
"""What it puts out, its layers, the outputs before each layer, the layer it extends."""
