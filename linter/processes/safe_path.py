"""Other Python processes are started so that they import nothing from the working directory.

The code that is linted lies there, and Python would execute a `multiprocessing.py` of it.

https://docs.python.org/3/using/cmdline.html#envvar-PYTHONSAFEPATH
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

VARIABLE: Final = "PYTHONSAFEPATH"
IS_HEEDED: Final = sys.version_info >= (3, 11) and (sys.flags.safe_path or not sys.flags.ignore_environment)
"""Whether processes that libraries start can be told. Older Pythons, and `python -E`, do not look at the variable."""


def program(module: str) -> str:
    """For `python -c`: the `main` of a module. Not `python -m`, which would search the working directory."""
    return f"import sys; sys.path.remove('') if '' in sys.path else None; from {module} import main; main()"


@contextmanager
def safe_path() -> Iterator[None]:
    """Python processes that libraries start inside search no working directory, where IS_HEEDED."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before
