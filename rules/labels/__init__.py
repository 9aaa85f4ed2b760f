"""What the labels are, against the loss and the head they are trained with."""
