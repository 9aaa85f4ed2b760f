"""JSON and YAML files that a program reads: what is in them, and where it is written."""
