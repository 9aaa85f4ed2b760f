"""Files are written whole or not at all: a new file takes the place of the old one.

What a run that was killed leaves behind is `.NAME.mllint-….tmp` beside the file, which no run looks at.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from mllint.results import Diagnostic, Rewrite

_NEW_FILE: Final = 0o666


def write(rewrite: Rewrite) -> Diagnostic | None:
    """Replaces the file's contents, or says what went wrong: then the file is as it was.

    Symbolic links stay links, permissions stay, owner and group stay where that is allowed; other hard links of the
    file keep the old contents. A file that is not what it was when it was read, or that nobody may write, is left
    alone.
    """
    path = Path(os.path.realpath(rewrite.path))
    try:
        if path.read_bytes() != rewrite.before:
            return Diagnostic(rewrite.path, "not fixed: the file has changed since it was read")
        status = path.stat()
        if not os.access(path, os.W_OK) or not status.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
            return Diagnostic(rewrite.path, "cannot write: the file is read-only")
        _replace(path, rewrite.after, status)
    except OSError as error:
        return Diagnostic(rewrite.path, f"cannot write: {error.strerror or error}")
    return None


def save(path: Path, contents: bytes) -> None:
    """Writes a file that is mllint's own and may not be there yet, or is no file but a pipe. Raises OSError."""
    target = Path(os.path.realpath(path))
    if not path.exists():
        _replace(target, contents, None)
    elif not target.is_file():
        path.write_bytes(contents)
    elif os.access(target, os.W_OK):
        _replace(target, contents, target.stat())
    else:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def _replace(path: Path, contents: bytes, status: os.stat_result | None) -> None:
    """`status` is that of the file whose place is taken. Raises OSError, with the file as it was and nothing left
    beside it."""
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}.mllint-", suffix=".tmp", dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(contents)
            file.flush()
            os.fsync(file.fileno())
        if status is None:
            os.chmod(temporary, _NEW_FILE & ~_umask())
        else:
            _take_over(temporary, status)
        os.replace(temporary, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def _take_over(path: str, status: os.stat_result) -> None:
    """Owner, group and permissions, as far as that is allowed."""
    if hasattr(os, "chown"):
        for owner, group in ((-1, status.st_gid), (status.st_uid, -1)):  # who may not set one may set the other
            with suppress(OSError):
                os.chown(path, owner, group)
    os.chmod(path, stat.S_IMODE(status.st_mode))


def _umask() -> int:
    """What the permissions of new files lack; it cannot be asked for without being set."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
