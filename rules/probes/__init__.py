"""What was measured by running the model on one batch, against what its labels and its loss need."""
