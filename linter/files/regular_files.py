"""Files are read whole that anybody may have put into a project: only regular ones, and only so much of them.

A pipe would be waited for without end, and what `/dev/zero` holds fills the memory.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of a settings file, a baseline, a knowledge file: a hundred times what people write."""


def read_regular(path: Path) -> bytes:
    """What a file holds. Raises OSError, also for what is no regular file, and for one of more than LARGEST bytes."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(handle, "rb") as file:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise OSError(errno.EFBIG, f"larger than {LARGEST >> 20} MiB", str(path))
    return raw
