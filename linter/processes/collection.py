"""Keeps Python's garbage collector from going through what is still being made.

A syntax tree and what is read from it are hundreds of thousands of objects, which stay until their file is done. While
they grow the collector walks through them again and again, for as long as all the other work takes.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final


@dataclass
class _Collector:
    """The interpreter has one for all its threads: it runs again when nobody needs its rest any more."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    was_enabled: bool = True
    users: int = 0

    @contextmanager
    def paused(self) -> Iterator[None]:
        with self.lock:
            if self.users == 0:
                self.was_enabled = gc.isenabled()
                gc.disable()
            self.users += 1
        try:
            yield
        finally:
            with self.lock:
                self.users -= 1
                if self.users == 0 and self.was_enabled:
                    gc.enable()


collection_paused: Final = _Collector().paused
"""Circles that are dropped meanwhile are freed after that."""
