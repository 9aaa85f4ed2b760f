"""Runs a function where deep recursion is allowed, and ends in RecursionError instead of the process's death.

LibCST's native parser recurses on the C stack: 10,000 operands of one `and` overflow the usual 8 MiB. Its visitors
recurse in Python, several calls for each level: 150 nested brackets, which Python accepts, exceed the usual limit.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Final, TypeVar

T = TypeVar("T")

STACK_BYTES: Final = 512 * 1024 * 1024
"""Address space, not memory: pages are taken as they are used."""

RECURSION_LIMIT: Final = 50_000


def with_deep_stack(function: Callable[[], T]) -> T:
    """What the function returns or raises, called in a thread of its own with a large stack.

    An interrupt ends the wait, and the thread with the process.
    """
    outcome: Future[T] = Future()
    context = copy_context()

    def call() -> None:
        try:
            outcome.set_result(context.run(function))
        except BaseException as error:
            outcome.set_exception(error)

    stack, limit = threading.stack_size(STACK_BYTES), sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
    try:
        threading.Thread(target=call, daemon=True).start()
        return outcome.result()
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(stack)
