"""Python's own parser, for what needs no LibCST: deciding whether text parses, and what is wrong where it does not."""

from __future__ import annotations

import ast
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

NEWLINE = re.compile(r"\r\n?|\n")
"""What ends a line for Python and for LibCST; str.splitlines() would also split at form feeds and U+2028."""

_ONE_AT_A_TIME = threading.Lock()
"""What is done about warnings holds for all threads: two that restore what they found would undo each other."""


@contextmanager
def quietly() -> Iterator[None]:
    """Python does not warn of what it parses: "\\d" in somebody's string is not our message to give."""
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def parse(text: str) -> ast.Module:
    """The module's tree.

    Raises SyntaxError, also for text that ast.parse() refuses in other ways (lone surrogates, null bytes, nesting
    too deep for it).
    """
    with quietly():
        try:
            return ast.parse(text)
        except (ValueError, RecursionError, MemoryError) as error:
            raise SyntaxError(str(error) or "too deeply nested", ("<unknown>", 1, 1, None)) from error
