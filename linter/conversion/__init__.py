"""The models of a file made another kind: a request → the outputs it means → changes → a proven copy of the file."""
