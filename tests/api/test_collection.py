"""The garbage collector rests while a file is looked at, and at no other time."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mllint.engine import lint_source
from mllint.processes.collection import collection_paused

PROGRAM = b"""
import keras

model = keras.Sequential([keras.layers.Dense(10)])
model.compile(loss="binary_crossentropy")
""" + b"\n".join(b"x%d = [%d, {}, (1, 2)]" % (number, number) for number in range(3000))


@contextmanager
def _collections() -> Iterator[list[str]]:
    """The collections that run meanwhile."""
    seen: list[str] = []

    def note(phase: str, info: dict[str, int]) -> None:
        seen.append(phase)

    gc.callbacks.append(note)
    try:
        yield seen
    finally:
        gc.callbacks.remove(note)


def test_collector_goes_through_a_file_when_it_is_done() -> None:
    lint_source(PROGRAM, "model.py")  # what is imported on the way is made once
    gc.collect()
    with _collections() as seen:
        report = lint_source(PROGRAM, "model.py")
    assert report.findings
    assert seen.count("start") <= 2
    assert gc.isenabled()


def test_collector_is_back_after_an_error() -> None:
    with pytest.raises(ValueError), collection_paused():
        assert not gc.isenabled()
        raise ValueError
    assert gc.isenabled()


def test_collector_rests_until_the_last_thread_is_done() -> None:
    is_paused, may_end = threading.Event(), threading.Event()

    def pause() -> None:
        with collection_paused():
            is_paused.set()
            may_end.wait()

    other = threading.Thread(target=pause)
    other.start()
    is_paused.wait()
    with collection_paused():
        pass
    assert not gc.isenabled()
    may_end.set()
    other.join()
    assert gc.isenabled()


def test_process_without_collector_is_left_so() -> None:
    gc.disable()
    try:
        with collection_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
