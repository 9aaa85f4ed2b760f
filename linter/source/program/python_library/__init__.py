"""What the interpreter knows of Python itself."""
