"""The saved-file lens: .keras, .h5, SavedModel directories and weights files read as data.

Nothing from a file is executed, imported or written to disk, and neither TensorFlow nor h5py is needed. What is read of
a file is bounded in bytes, whatever the file says of itself.
"""

from typing import Final

SUFFIXES: Final = (".keras", ".h5", ".hdf5")
"""What files with saved models are called."""
