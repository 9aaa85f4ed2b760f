"""What the data functions in label_sources.yaml make: one module for each kind of call."""
