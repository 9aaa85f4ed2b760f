"""The SavedModel format: a directory with saved_model.pb, and for models of Keras 2 keras_metadata.pb beside it.

keras_metadata.pb is one SavedMetadata message: a list of nodes, each with its path in the object graph and its
configuration as JSON. That is too little to depend on protobuf for; the wire format is read here.
Source: Keras 2.15 keras/protobuf/saved_metadata.proto; https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mllint.archive.contents import (
    LARGEST_JSON,
    Contents,
    UnreadableModel,
    checked_size,
    config_or_none,
    parsed,
    text_or_none,
)

GRAPH: Final = "saved_model.pb"
METADATA: Final = "keras_metadata.pb"
LARGEST_METADATA: Final = 4 * LARGEST_JSON
MOST_NODES: Final = 100_000
"""Fields of SavedMetadata: one for each layer and metric."""
MOST_FIELDS: Final = 100
"""Fields of SavedObject, which has five."""
NO_METADATA: Final = (
    "a SavedModel without Keras metadata holds operations only: it tells neither its layers nor its loss"
)

_NODES, _PATH, _CONFIG = 1, 3, 5
"""Fields: SavedMetadata.nodes, SavedObject.node_path, SavedObject.metadata."""
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def read_saved_model(directory: Path) -> Contents:
    """Raises UnreadableModel."""
    if not (directory / METADATA).is_file():
        return Contents(None, None, None, missing=NO_METADATA)  # a pipe is not waited for
    try:
        with (directory / METADATA).open("rb") as file:
            message = file.read(LARGEST_METADATA + 1)
    except OSError as error:
        raise UnreadableModel(f"{METADATA} cannot be read: {error.strerror or error}") from None
    if len(message) > LARGEST_METADATA:
        raise UnreadableModel(f"{METADATA} is larger than {LARGEST_METADATA >> 20} MiB")
    root = _root(message)
    if root is None:
        return Contents(None, None, None, missing=NO_METADATA)
    checked_size(len(root), METADATA)
    config = parsed(root, METADATA)
    return Contents(
        model=config_or_none(config.get("model_config")) or config,
        training=config_or_none(config.get("training_config")),
        keras_version=text_or_none(config.get("keras_version")),
        training_key="training_config",
    )


def _root(message: bytes) -> bytes | None:
    """The configuration of the model itself, among those of its layers and metrics."""
    for field, node in _fields(message, MOST_NODES):
        if field == _NODES:
            found = dict(_fields(node, MOST_FIELDS))
            if found.get(_PATH) == b"root":
                return found.get(_CONFIG)
    return None


def _fields(message: bytes, most: int) -> Iterator[tuple[int, bytes]]:
    """The length-delimited fields of a message; the others are skipped. Raises UnreadableModel."""
    offset = number = 0
    while offset < len(message):
        number += 1
        if number > most:
            raise UnreadableModel(f"{METADATA} holds more than any model needs")
        key, offset = _varint(message, offset)
        kind = key & 7
        if kind == _VARINT:
            _, offset = _varint(message, offset)
            continue
        if kind == _BYTES:
            size, offset = _varint(message, offset)
        elif kind in (_FIXED64, _FIXED32):
            size = 8 if kind == _FIXED64 else 4
        else:
            raise UnreadableModel(f"{METADATA} is damaged")
        if offset + size > len(message):
            raise UnreadableModel(f"{METADATA} is damaged or cut off")
        if kind == _BYTES:
            yield key >> 3, message[offset : offset + size]
        offset += size


def _varint(message: bytes, offset: int) -> tuple[int, int]:
    """A number of at most 64 bits, and where it ends."""
    number = 0
    for index, byte in enumerate(message[offset : offset + 10]):
        number |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return number, offset + index + 1
    raise UnreadableModel(f"{METADATA} is damaged or cut off")
