"""From a path to what the saved model there holds, whatever its format; the format is told by the content."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mllint.archive import SUFFIXES, keras_file, saved_model
from mllint.archive.contents import Contents, UnreadableModel
from mllint.archive.h5_file import read_h5
from mllint.archive.hdf5 import SIGNATURE

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_GIT_LFS: Final = b"version https://git-lfs"


def is_model(path: Path) -> bool:
    """Whether a file is called as saved models are, or a directory is a SavedModel."""
    return path.suffix in SUFFIXES if path.is_file() else (path / saved_model.GRAPH).is_file()


def read_contents(path: Path) -> Contents:
    """Raises UnreadableModel."""
    try:
        if not path.is_dir() and not path.is_file():
            raise UnreadableModel("no such file" if not path.exists() else "neither a file nor a directory")
        contents = _directory(path) if path.is_dir() else _file(path)
    except (OSError, ValueError) as error:
        if isinstance(error, UnreadableModel):
            raise
        raise UnreadableModel(f"cannot read: {getattr(error, 'strerror', None) or error}") from None
    if contents.model is not None and not isinstance(contents.model.get("class_name"), str):
        raise UnreadableModel("it is no Keras model: its configuration names no class")
    return contents


def _directory(path: Path) -> Contents:
    if (path / keras_file.CONFIG).is_file():
        return keras_file.read_directory(path)
    if (path / saved_model.GRAPH).is_file():
        return saved_model.read_saved_model(path)
    raise UnreadableModel(f"it is no saved model: it holds neither {saved_model.GRAPH} nor {keras_file.CONFIG}")


def _file(path: Path) -> Contents:
    with path.open("rb") as file:
        start = file.read(len(_GIT_LFS))
        file.seek(0)
        if start.startswith(_ZIP):
            return keras_file.read_zip(file)
        if start.startswith(_GIT_LFS):
            raise UnreadableModel("it is a pointer of Git LFS, not the model itself")
        if start.startswith(SIGNATURE) or path.suffix in (".h5", ".hdf5"):
            return read_h5(file)
    raise UnreadableModel("it is no saved model of Keras: neither .keras nor .h5")
