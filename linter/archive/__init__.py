"""The saved-file lens: .keras, .h5, SavedModel directories and weights files as data, nothing executed."""
