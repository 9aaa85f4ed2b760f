"""Runs a function where deep recursion is allowed, and ends in RecursionError instead of the process's death.

LibCST's native parser recurses on the C stack: 10,000 operands of one `and` overflow the usual 8 MiB. Its visitors
recurse in Python, several calls for each level: 150 nested brackets, which Python accepts, exceed the usual limit.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
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

    with _LIMIT.raised():
        _LIMIT.start(threading.Thread(target=call, daemon=True))
        return outcome.result()


@dataclass
class _Limit:
    """The recursion limit and the size of new stacks: the interpreter has one of each for all its threads."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    usual: int = 0
    users: int = 0

    @contextmanager
    def raised(self) -> Iterator[None]:
        """The limit is raised as long as anybody needs it."""
        with self.lock:
            if self.users == 0:
                self.usual = sys.getrecursionlimit()
                sys.setrecursionlimit(max(self.usual, RECURSION_LIMIT))
            self.users += 1
        try:
            yield
        finally:
            with self.lock:
                self.users -= 1
                if self.users == 0:
                    sys.setrecursionlimit(self.usual)

    def start(self, thread: threading.Thread) -> None:
        """Starts the thread with a large stack."""
        with self.lock:
            before = threading.stack_size(STACK_BYTES)
            try:
                thread.start()
            finally:
                threading.stack_size(before)


_LIMIT: Final = _Limit()
