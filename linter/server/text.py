"""The text of a document as its editor counts it.

Editors count lines from 0, and columns in code units of the encoding that was agreed on, which is UTF-16 unless both
know another one. mllint counts both from 1, columns in code points, and leaves a byte order mark out. What ends a line
is the same for both:
https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#textDocuments
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cached_property
from itertools import accumulate, pairwise, takewhile
from typing import TYPE_CHECKING, Protocol

from lsprotocol import types

from mllint.source.text.document import BYTE_ORDER_MARK
from mllint.source.text.syntax import NEWLINE

if TYPE_CHECKING:
    from pygls.workspace import PositionCodec


class Span(Protocol):
    """What `Location` and `Edit` have in common."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...
    @property
    def end_line(self) -> int: ...
    @property
    def end_column(self) -> int: ...


class Text:
    """One text, and the positions in it. Positions outside of it mean its nearest place, as the protocol demands."""

    def __init__(self, content: str, codec: PositionCodec) -> None:
        self.content = content
        self._codec = codec

    # ------------------------------------------------------------ from the editor

    def offset(self, position: types.Position) -> int:
        """The offset in `content`, in code points."""
        if position.line >= len(self._starts):
            return len(self.content)
        line = self._line(position.line)
        units = 0
        for index, character in enumerate(line):
            if units >= position.character:
                return self._starts[position.line] + index
            units += self._codec.client_num_units(character)
        return self._starts[position.line] + len(line)

    def line_and_column(self, position: types.Position) -> tuple[int, int]:
        """The position as mllint counts it."""
        offset = self.offset(position)
        line = bisect_right(self._starts, offset) - 1
        return line + 1, offset - self._starts[line] + 1 - self._hidden(line)

    def changed(self, span: types.Range, replacement: str) -> Text:
        start, end = self.offset(span.start), self.offset(span.end)
        return Text(self.content[:start] + replacement + self.content[max(start, end) :], self._codec)

    # ------------------------------------------------------------ to the editor

    def position(self, line: int, column: int) -> types.Position:
        """Where a line and column of mllint lie."""
        index = min(line, len(self._starts)) - 1
        before = self._line(index)[: column - 1 + self._hidden(index)]
        return types.Position(index, self._codec.client_num_units(before))

    def rest_of_line(self, line: int, column: int) -> types.Range:
        """From a line and column of mllint to the end of that line."""
        start = self.position(line, column)
        return types.Range(start, types.Position(start.line, self._codec.client_num_units(self._line(start.line))))

    def range(self, span: Span) -> types.Range:
        return types.Range(self.position(span.line, span.column), self.position(span.end_line, span.end_column))

    def edits_to(self, content: str) -> Iterator[types.TextEdit]:
        """Edits that make the text to this one: of the lines that differ, from the first to the last character that
        does."""
        old, new = _lines(self.content), _lines(content)
        offsets = (0, *accumulate(map(len, old)))
        for kind, first, last, new_first, new_last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if kind != "equal":
                before, after = "".join(old[first:last]), "".join(new[new_first:new_last])
                same = _same_at_start(before, after)
                tail = _same_at_start(before[same:][::-1], after[same:][::-1])
                start, end = offsets[first] + same, offsets[last] - tail
                span = types.Range(self._position_at(start), self._position_at(end))
                yield types.TextEdit(span, after[same : len(after) - tail])

    def _position_at(self, offset: int) -> types.Position:
        line = bisect_right(self._starts, offset) - 1
        before = self.content[self._starts[line] : offset]
        return types.Position(line, self._codec.client_num_units(before))

    # ------------------------------------------------------------ lines

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return (0, *(newline.end() for newline in NEWLINE.finditer(self.content)))

    def _line(self, index: int) -> str:
        """A line without its newline."""
        start = self._starts[index]
        end = self._starts[index + 1] if index + 1 < len(self._starts) else len(self.content)
        return self.content[start:end].rstrip("\r\n")

    def _hidden(self, index: int) -> int:
        """The number of characters at the beginning of a line that mllint does not count."""
        return int(index == 0 and self.content.startswith(BYTE_ORDER_MARK))


def _same_at_start(one: str, other: str) -> int:
    """The number of characters that both begin with; a newline is not taken apart."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    ends = (text[same - 1 : same + 1] for text in (one, other) if same)
    return same - 1 if any(set(end) == {"\r", "\n"} for end in ends) else same


def _lines(content: str) -> list[str]:
    """The lines with their newlines."""
    starts = [0, *(newline.end() for newline in NEWLINE.finditer(content)), len(content)]
    return [content[start:end] for start, end in pairwise(starts) if start < end]
