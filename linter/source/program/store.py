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
    """Cells of the program. A branch writes into a layer of its own, which is then joined or dropped."""

    def __init__(self) -> None:
        self._layers: list[Changes] = [{}]

    def get(self, key: Key) -> Value | None:
        for layer in reversed(self._layers):
            value = layer.get(key)
            if value is not None:
                return value
        return None

    def set(self, key: Key, value: Value) -> None:
        self._layers[-1][key] = value

    def names(self, reference: int) -> list[str]:
        """Names that were ever written under the reference, in order of first writing."""
        return list(dict.fromkeys(name for layer in self._layers for ref, name in layer if ref == reference))

    def begin(self) -> None:
        self._layers.append({})

    def end(self) -> Changes:
        return self._layers.pop()

    @contextmanager
    def ground(self) -> Iterator[None]:
        """Below all branches: what is written now holds on every path of the program."""
        layers, self._layers = self._layers, self._layers[:1]
        try:
            yield
        finally:
            self._layers = layers

    def apply(self, changes: Changes) -> None:
        self._layers[-1].update(changes)

    def join(self, condition: Condition, then: Changes, otherwise: Changes) -> None:
        """Continue after a branch: what differs between its sides becomes a choice."""
        for key in {**then, **otherwise}:
            before = self.get(key) or NOT_ASSIGNED
            left, right = then.get(key, before), otherwise.get(key, before)
            self.set(key, left if _same(left, right) else choose(condition, left, right))


def _same(left: Value, right: Value) -> bool:
    if isinstance(left, Constant) and isinstance(right, Constant):
        return type(left.value) is type(right.value) and bool(left.value == right.value)
    if isinstance(left, Symbol) and isinstance(right, Symbol):
        return canonical(left.name) == canonical(right.name)
    return left is right
