"""What every lens makes of layers, losses and metrics: the same facts, whatever they were read from."""
