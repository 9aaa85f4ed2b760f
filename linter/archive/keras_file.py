"""The .keras format: a zip archive, or a directory, with config.json, metadata.json and the weights.

Source: keras/src/saving/saving_lib.py. Only the two JSON files are read, into memory and by their exact names: what
else the archive holds, and where it wants to be unpacked to, does not matter.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO, Final

from mllint.archive.contents import (
    LARGEST_JSON,
    Contents,
    UnreadableModel,
    checked_size,
    config_or_none,
    parsed,
    text_or_none,
)

CONFIG: Final = "config.json"
METADATA: Final = "metadata.json"
LARGEST_DIRECTORY: Final = 2**20
"""Bytes of the archive's table of contents: some ten thousand entries."""
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError,
    OverflowError, IndexError, KeyError, AttributeError,
)  # fmt: skip
"""What zipfile raises for archives that are cut off, damaged, encrypted or made up."""
_CHUNK: Final = 2**16


def read_zip(file: IO[bytes]) -> Contents:
    """Raises UnreadableModel."""
    try:
        source = _Metered(file, LARGEST_DIRECTORY)
        with zipfile.ZipFile(source) as archive:
            source.left += 2 * LARGEST_JSON
            config = _member(archive, CONFIG)
            metadata = _member(archive, METADATA)
    except UnreadableModel:
        raise
    except _BROKEN:
        raise UnreadableModel("the zip archive is damaged or cut off") from None
    return _contents(config, metadata)


def read_directory(path: Path) -> Contents:
    """What save(zipped=False) leaves. Raises UnreadableModel."""
    return _contents(_file(path / CONFIG), _file(path / METADATA))


def _contents(config: bytes | None, metadata: bytes | None) -> Contents:
    if config is None:
        raise UnreadableModel(f"it is no Keras model: it holds no {CONFIG}")
    model = parsed(config, CONFIG)
    version = parsed(metadata, METADATA).get("keras_version") if metadata is not None else None
    training = config_or_none(model.get("compile_config"))
    return Contents(model, training, text_or_none(version), keeps_spelling=True)


def _file(path: Path) -> bytes | None:
    if not path.is_file():
        return None  # a pipe is not waited for
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_JSON + 1)
    except OSError as error:
        raise UnreadableModel(f"{path.name} cannot be read: {error.strerror or error}") from None
    checked_size(len(text), path.name)
    return text


def _member(archive: zipfile.ZipFile, name: str) -> bytes | None:
    if name not in archive.NameToInfo:
        return None
    entry = archive.getinfo(name)
    checked_size(entry.file_size, name)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableModel(f"{name} is compressed in a way that Keras does not use")
    text = bytearray()
    with archive.open(entry) as member:
        while chunk := member.read(_CHUNK):
            text += chunk
            checked_size(len(text), name)
    return bytes(text)


class _Metered(io.RawIOBase):
    """A file of which only so many bytes are read: zipfile believes the sizes that it finds."""

    def __init__(self, file: IO[bytes], left: int) -> None:
        self._file = file
        self.left = left

    def read(self, size: int = -1, /) -> bytes:
        most = self.left + 1
        data = self._file.read(most if size < 0 else min(size, most))
        self.left -= len(data)
        if self.left < 0:
            raise UnreadableModel("the zip archive holds more entries than any model needs")
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True
