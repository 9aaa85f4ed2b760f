"""From what the interpreter recorded to facts: heads, losses, labels, metrics, setups."""
