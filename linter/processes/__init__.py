"""The same work on many files, in as many processes as pay off."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

from mllint.processes.safe_path import IS_HEEDED, safe_path

T = TypeVar("T")
R = TypeVar("R")

PARALLEL_FROM: Final = 40
"""Number of files from which starting worker processes pays."""
UNDER_WAY: Final = 2
"""Items that a process has in hand, and in its queue."""


def _nothing() -> None:
    """All is there."""


def each(
    work: Callable[[T], R], items: Sequence[T], lost: Callable[[T], R], prepare: Callable[[], None] = _nothing
) -> Iterator[R]:
    """What the work gives for each item, in their order; `lost` stands in where an item killed its process.

    `prepare` imports what the work needs: once, where the processes are copies of this one.
    """
    workers = min(_cpus(), len(items))
    if len(items) < PARALLEL_FROM or workers < 2 or not _may_start():
        return map(work, items)
    if _are_copies():
        prepare()
        gc.freeze()  # what all processes share stays shared: a collector that goes through it copies it
    return _in_processes(work, items, lost, workers)


def _in_processes(work: Callable[[T], R], items: Sequence[T], lost: Callable[[T], R], workers: int) -> Iterator[R]:
    """An item that kills its process costs itself alone: each that may have done it is tried in one of its own."""
    from concurrent.futures.process import BrokenProcessPool

    done = 0
    while done < len(items):
        try:
            for result in _in_pool(work, items[done:], workers):
                yield result
                done += 1
        except BrokenProcessPool:
            for item in items[done : done + UNDER_WAY * workers]:
                yield _in_own_process(work, item, lost)
                done += 1


def _in_pool(work: Callable[[T], R], items: Sequence[T], workers: int) -> Iterator[R]:
    from concurrent.futures import ProcessPoolExecutor

    with safe_path(), ProcessPoolExecutor(workers, initializer=_leave_interrupts_to_parent) as pool:
        try:
            yield from pool.map(work, items)
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _in_own_process(work: Callable[[T], R], item: T, lost: Callable[[T], R]) -> R:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    try:
        with safe_path(), ProcessPoolExecutor(1, initializer=_leave_interrupts_to_parent) as pool:
            return pool.submit(work, item).result()
    except BrokenProcessPool:
        return lost(item)


def _may_start() -> bool:
    """A process that is a copy of this one looks for nothing in the working directory; others have to be told."""
    return IS_HEEDED or _are_copies()


def _are_copies() -> bool:
    """Whether a process that is started here has all that this one has imported."""
    from multiprocessing import get_start_method

    return get_start_method() == "fork"


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _cpus() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
