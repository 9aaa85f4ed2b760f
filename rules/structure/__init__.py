"""How head, losses and outputs are put together."""
