"""Runs a function where deep recursion ends in RecursionError instead of the process's death.

LibCST's native parser recurses on the C stack: 10,000 operands of one `and` overflow the usual 8 MiB.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")

STACK_BYTES: Final = 512 * 1024 * 1024
"""Address space, not memory: pages are taken as they are used."""


def with_deep_stack(function: Callable[[], T]) -> T:
    """What the function returns or raises, called in a thread of its own with a large stack."""
    before = threading.stack_size(STACK_BYTES)
    try:
        with ThreadPoolExecutor(max_workers=1) as thread:
            future = thread.submit(function)
            threading.stack_size(before)
            return future.result()
    finally:
        threading.stack_size(before)
