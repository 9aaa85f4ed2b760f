"""JSON as Python's json module reads it: https://docs.python.org/3/library/json.html."""

from __future__ import annotations

import json

from mllint.source.data.parts import DEEPEST, MOST, Part, Unreadable
from mllint.source.text.json_text import Span, items, members, value_at


def read_json(text: str) -> Part:
    """Raises Unreadable."""
    if text.count("[") + text.count("{") > MOST:
        raise Unreadable
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:  # what is no JSON, and numbers of more digits than Python converts
        raise Unreadable from error
    return _Reader(text).part(value_at(text, 0), 0)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._left = MOST

    def part(self, span: Span, depth: int) -> Part:
        self._left -= 1
        if self._left < 0 or depth > DEEPEST:
            raise Unreadable
        first = self._text[span.start]
        if first == "{":
            found = members(self._text, span)
            return Part({key: self.part(value, depth + 1) for key, value in found.items()}, *span)
        if first == "[":
            return Part(tuple(self.part(item, depth + 1) for item in items(self._text, span)), *span)
        return Part(json.loads(self._text[span.start : span.end]), *span)
