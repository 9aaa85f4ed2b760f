"""What the program makes of predictions."""
