"""The state of the interpreted program: variables, attributes and contents of objects, with branches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mllint.rules.knowledge import canonical
from mllint.source.program.conditions import NOT_ASSIGNED, Condition, choose
from mllint.source.program.values import Constant, Symbol, Value

Key = tuple[int, str]
"""(scope or object reference, name)."""

Changes = dict[Key, Value]


class Store:
    """Cells of the program. What a branch writes over is put back where it ends; its changes are then joined or
    dropped."""

    def __init__(self) -> None:
        self._cells: Changes = {}
        self._overwritten: list[dict[Key, Value | None]] = []
        """What each branch that runs has written over, the outermost first; None for what was not there."""

    def get(self, key: Key) -> Value | None:
        return self._cells.get(key)

    def set(self, key: Key, value: Value) -> None:
        if self._overwritten and key not in self._overwritten[-1]:
            self._overwritten[-1][key] = self._cells.get(key)
        self._cells[key] = value

    def names(self, reference: int) -> list[str]:
        """Names that were ever written under the reference, in order of first writing."""
        return [name for ref, name in self._cells if ref == reference]

    def begin(self) -> None:
        self._overwritten.append({})

    def end(self) -> Changes:
        overwritten = self._overwritten.pop()
        changes = {key: self._cells[key] for key in overwritten}
        for key, before in overwritten.items():
            if before is None:
                del self._cells[key]
            else:
                self._cells[key] = before
        return changes

    @contextmanager
    def ground(self) -> Iterator[None]:
        """Below all branches: what is written now holds on every path of the program."""
        inner_first = [self.end() for _ in range(len(self._overwritten))]
        try:
            yield
        finally:
            for changes in reversed(inner_first):
                self.begin()
                self.apply(changes)

    def apply(self, changes: Changes) -> None:
        for key, value in changes.items():
            self.set(key, value)

    def join(self, condition: Condition, then: Changes, otherwise: Changes) -> None:
        """Continue after a branch: what differs between its sides becomes a choice."""
        for key in {**then, **otherwise}:
            before = self.get(key) or NOT_ASSIGNED
            left, right = then.get(key, before), otherwise.get(key, before)
            self.set(key, left if _same(left, right) else choose(condition, left, right))


def _same(left: Value, right: Value) -> bool:
    if left is right:
        return True
    if isinstance(left, Constant) and isinstance(right, Constant):
        return type(left.value) is type(right.value) and bool(left.value == right.value)
    if isinstance(left, Symbol) and isinstance(right, Symbol):
        return canonical(left.name) == canonical(right.name)
    return False
