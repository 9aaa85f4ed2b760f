"""What Acme adds to mllint: rules of its own, each with its page."""
