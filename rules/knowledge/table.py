"""A table of knowledge: rows found by name, by the string Keras takes, or by dotted symbol."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, Protocol, TypeVar


class Row(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def identifiers(self) -> Iterable[str]: ...
    @property
    def symbols(self) -> Iterable[str]: ...


RowT = TypeVar("RowT", bound=Row)


class Table(Generic[RowT]):
    """Immutable; iteration is in the order of the file."""

    __slots__ = ("_by_identifier", "_by_name", "_by_symbol")

    def __init__(self, rows: Iterable[RowT]) -> None:
        """Raises ValueError where two rows claim the same name, identifier or symbol."""
        rows = tuple(rows)
        self._by_name = _index((row.name, row) for row in rows)
        self._by_identifier = _index((text, row) for row in rows for text in row.identifiers)
        self._by_symbol = _index((symbol, row) for row in rows for symbol in row.symbols)

    def with_row(self, row: RowT) -> Table[RowT]:
        """This table with one more row, which has the last word on every name that it claims."""
        other: Table[RowT] = Table([row])
        together: Table[RowT] = Table(())
        together._by_name = {**self._by_name, **other._by_name}
        together._by_identifier = {**self._by_identifier, **other._by_identifier}
        together._by_symbol = {**self._by_symbol, **other._by_symbol}
        return together

    def __iter__(self) -> Iterator[RowT]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def get(self, name: str) -> RowT | None:
        """The row of a canonical name: categorical_crossentropy, softmax, keras.layers.Dense."""
        return self._by_name.get(name)

    def identify(self, text: str) -> RowT | None:
        """The row that Keras' get() finds for a string, in any version: mse, MSE, MeanSquaredError."""
        return self._by_identifier.get(text)

    def symbol(self, dotted: str) -> RowT | None:
        """The row of a canonical dotted symbol: keras.losses.mse, tf.nn.softmax."""
        return self._by_symbol.get(dotted)

    def symbols(self) -> list[str]:
        """Every dotted symbol, for advice on misspelt ones."""
        return list(self._by_symbol)

    def identifiers(self) -> list[str]:
        """Every accepted string, for advice on misspelt ones."""
        return list(self._by_identifier)


def _index(pairs: Iterable[tuple[str, RowT]]) -> Mapping[str, RowT]:
    index: dict[str, RowT] = {}
    for key, row in pairs:
        other = index.setdefault(key, row)
        if other is not row:
            raise ValueError(f"{key!r} belongs to both {other.name} and {row.name}")
    return index
