"""The activation, the number of units and the loss of one output."""
