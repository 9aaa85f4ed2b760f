"""What must change for an output to be right, whole: head, loss, labels, metrics and decodings together."""
