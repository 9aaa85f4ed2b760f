"""Expressions: how each kind of node of the tree becomes an abstract value."""
