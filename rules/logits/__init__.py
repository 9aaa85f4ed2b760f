"""Whether the loss sees logits or probabilities, and whether it was told so."""
