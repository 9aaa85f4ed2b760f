"""The abstract interpreter: values, branches, expressions, and what it knows of Python and Keras."""
