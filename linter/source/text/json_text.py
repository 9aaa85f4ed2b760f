"""Where the parts of a JSON text lie in it. The text is known to be valid: it was parsed before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import JSONDecoder
from typing import Final, NamedTuple

_DECODER: Final = JSONDecoder()
_WHITESPACE: Final = re.compile(r"[ \t\n\r]*")
_CHARACTER: Final = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2} | \\u[0-9a-fA-F]{4} | \\. | .", re.VERBOSE | re.DOTALL
)


class Span(NamedTuple):
    """A value's first character and the one after its last."""

    start: int
    end: int


def value_at(text: str, index: int) -> Span:
    """The value that comes after the whitespace at an index."""
    start = _skip(text, index)
    return Span(start, _DECODER.raw_decode(text, start)[1])


def members(text: str, value: Span) -> dict[str, Span]:
    """The values of an object by key; of a key that comes twice the last, as for json.loads."""
    found: dict[str, Span] = {}
    index = _skip(text, value.start + 1)
    while text[index] != "}":
        key, index = _DECODER.raw_decode(text, index)
        found[key] = value_at(text, _skip(text, index) + len(":"))
        index = _after(text, found[key])
    return found


def items(text: str, value: Span) -> Iterator[Span]:
    """The items of an array."""
    index = _skip(text, value.start + 1)
    while text[index] != "]":
        item = value_at(text, index)
        yield item
        index = _after(text, item)


def characters(text: str, value: Span) -> tuple[int, ...]:
    """Where each character of a string is written, and where the last one ends: one more than it has characters."""
    inside = Span(value.start + 1, value.end - 1)
    starts = (match.start() for match in _CHARACTER.finditer(text, *inside))
    return (*starts, inside.end)


def _after(text: str, value: Span) -> int:
    """The next key or item, or the closing bracket."""
    index = _skip(text, value.end)
    return _skip(text, index + 1) if text[index] == "," else index


def _skip(text: str, index: int) -> int:
    match = _WHITESPACE.match(text, index)
    assert match is not None, "whitespace may be empty"
    return match.end()
