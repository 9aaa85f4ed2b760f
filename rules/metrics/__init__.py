"""What the metrics and callbacks report of the output."""
