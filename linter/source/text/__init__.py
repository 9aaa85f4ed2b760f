"""Files as text: encodings, notebook cells, what is worth parsing."""
