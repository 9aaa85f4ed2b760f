"""Files are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from mllint.results import Diagnostic, Rewrite


def write(rewrite: Rewrite) -> Diagnostic | None:
    """Replaces the file's contents; what went wrong, if anything did: then the file is as it was.

    Links stay links, the file keeps its permissions. A file that is not what it was when it was read is left alone.
    """
    path = Path(os.path.realpath(rewrite.path))
    try:
        if path.read_bytes() != rewrite.before:
            return Diagnostic(rewrite.path, "not fixed: the file changed while it was looked at")
        _replace(path, rewrite.after)
    except OSError as error:
        return Diagnostic(rewrite.path, f"cannot write: {error.strerror or error}")
    return None


def _replace(path: Path, contents: bytes) -> None:
    """Raises OSError, with the file as it was and nothing left beside it."""
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.mllint-", suffix=".tmp", dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(contents)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, path.stat().st_mode & 0o7777)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
