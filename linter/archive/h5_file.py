"""The .h5 format: model_config, training_config and keras_version as attributes of the root group.

Source: keras/src/legacy/saving/legacy_h5_format.py; Keras 2.15 keras/src/saving/legacy/hdf5_format.py.
"""

from __future__ import annotations

from typing import IO, Final

from mllint.archive.contents import Contents, config_or_none, parsed
from mllint.archive.hdf5 import root_attributes

WEIGHTS_ONLY: Final = "the file holds weights only, or other data: no architecture and no loss"


def read_h5(file: IO[bytes]) -> Contents:
    """Raises UnreadableModel."""
    attributes = root_attributes(file)
    version = attributes.get("keras_version", b"").decode("utf-8", "replace") or None
    if "model_config" not in attributes:
        return Contents(None, None, version, missing=WEIGHTS_ONLY)
    model = parsed(attributes["model_config"], "model_config")
    compiled = attributes.get("training_config", b"null")
    training = parsed(compiled, "training_config") if compiled.strip() != b"null" else None
    return Contents(model, config_or_none(training), version, training_key="training_config")
