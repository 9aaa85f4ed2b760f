"""A training setup as the rules look at it: head and loss as a pair, labels, metrics, decodings."""
