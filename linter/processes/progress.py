"""How far a run has come, for whoever shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Follow(Protocol):
    """Passes on results as they come; `total` is how many there will be."""

    def __call__(self, results: Iterator[T], total: int) -> Iterator[T]: ...


def unseen(results: Iterator[T], total: int) -> Iterator[T]:
    """Nobody looks."""
    return results
