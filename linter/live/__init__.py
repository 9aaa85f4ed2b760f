"""The live lens: a worker process loads a model, states the facts of it, and measures what only running it shows."""
