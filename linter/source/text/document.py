"""A source file as text: its encoding, its lines, its notebook cells, and the positions that users see."""

from __future__ import annotations

import ast
import tokenize
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from mllint.source.text import notebook
from mllint.source.text.notebook import Cell, SkippedCell
from mllint.source.text.syntax import NEWLINE, parse

if TYPE_CHECKING:
    from libcst import CSTValidationError, ParserSyntaxError

BYTE_ORDER_MARK = "\ufeff"


class Position(NamedTuple):
    """A place as users see it: 1-based, columns in code points; in a notebook `line` counts within the cell."""

    line: int
    column: int
    cell: int | None = None


class UnreadableSource(Exception):
    """The file holds no Python that can be judged. `message` starts in lower case and has no final full stop."""

    def __init__(self, path: str, message: str, line: int = 1, column: int = 1, cell: int | None = None) -> None:
        super().__init__(path, message, line, column, cell)
        self.path = path
        self.message = message
        self.line = line
        self.column = column
        self.cell = cell

    def __str__(self) -> str:
        cell = f"cell {self.cell}:" if self.cell is not None else ""
        return f"{self.path}:{cell}{self.line}:{self.column}: {self.message}"


@dataclass(frozen=True)
class Document:
    """One file, decoded. `text` is what the parsers read; newlines stay as they are, a byte order mark does not."""

    path: str
    text: str
    encoding: str = "utf-8"
    """How `text` was written in the file; "utf-8-sig" where it began with a byte order mark."""
    cells: tuple[Cell, ...] = ()
    """The code cells of a notebook in order; empty for a Python file."""
    skipped: tuple[SkippedCell, ...] = ()
    """The cells that are not judged, and why."""
    is_notebook: bool = field(default=False)
    is_data: bool = field(default=False)
    """`text` is no Python: the program reads it."""

    @cached_property
    def syntax(self) -> ast.Module:
        """Python's own syntax tree of `text`. Raises SyntaxError."""
        return parse(self.text)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines of `text`, without their newlines."""
        return tuple(NEWLINE.split(self.text))

    def position(self, line: int, column: int) -> Position:
        """What users see for a 1-based line and a 0-based code point column of `text`."""
        cell = self._cell_at(line)
        if cell is None:
            return Position(line, column + 1)
        return Position(line - cell.first_line + 1, column + 1, cell.number)

    def offset(self, line: int, column: int) -> int:
        """The offset in `text` of a 1-based line and a 0-based code point column."""
        return self._line_starts[line - 1] + column

    def position_of(self, offset: int) -> Position:
        """What users see for an offset in `text`."""
        line = bisect_right(self._line_starts, offset)
        return self.position(line, offset - self._line_starts[line - 1])

    def offset_of(self, line: int, column: int, cell: int | None = None) -> int:
        """The offset in `text` of a place as users see it; the reverse of `position_of`."""
        return self.offset(self.line_of(line, cell), column - 1)

    def line_of(self, line: int, cell: int | None = None) -> int:
        """The 1-based line of `text` that users see as this line, in a notebook of this cell."""
        return next((one.first_line for one in self.cells if one.number == cell), 1) + line - 1

    def source_lines(self, cell: int | None = None) -> tuple[str, ...]:
        """The lines that users see around a position: of the whole file, or of its notebook cell as it was written."""
        for candidate in self.cells:
            if candidate.number == cell:
                return tuple(NEWLINE.split(candidate.source))
        return self.lines

    def source_line(self, line: int, cell: int | None = None) -> str:
        """One 1-based line as users see it; "" past the end."""
        lines = self.source_lines(cell)
        return lines[line - 1] if 0 < line <= len(lines) else ""

    def unparsable(self, error: ParserSyntaxError | CSTValidationError) -> UnreadableSource:
        """The user's message for text that LibCST refuses; in Python's own words where Python refuses it too."""
        message = getattr(error, "message", str(error)).splitlines()[0]
        line, column = getattr(error, "raw_line", 1), getattr(error, "raw_column", 0)
        try:
            parse(self.text)
        except SyntaxError as own:
            message, line, column = own.msg, own.lineno or line, max((own.offset or 1) - 1, 0)
        place = self.position(line, column)
        return UnreadableSource(self.path, f"cannot parse: {message}", place.line, place.column, place.cell)

    @cached_property
    def _line_starts(self) -> tuple[int, ...]:
        return (0, *(newline.end() for newline in NEWLINE.finditer(self.text)))

    @cached_property
    def _first_lines(self) -> tuple[int, ...]:
        return tuple(cell.first_line for cell in self.cells)

    def _cell_at(self, line: int) -> Cell | None:
        index = bisect_right(self._first_lines, line) - 1
        return self.cells[index] if index >= 0 else None


def read_document(path: str, raw: bytes) -> Document:
    """Decodes a Python file or, by its name (.ipynb), a Jupyter notebook.

    Raises UnreadableSource for bytes that do not decode, an unknown encoding, null bytes, broken notebook JSON.
    Whether a Python file parses is for the parser to say; cells that do not parse are skipped.
    """
    if path.endswith(".ipynb"):
        return _read_notebook(path, raw)
    text, encoding = _decode(path, raw)
    null = text.find("\0")
    if null >= 0:
        raise _unreadable_at(path, "null byte: this is not Python source", text[:null])
    return Document(path, text, encoding)


def _read_notebook(path: str, raw: bytes) -> Document:
    try:
        flow = notebook.read_notebook(raw)
    except notebook.BrokenNotebook as error:
        raise UnreadableSource(path, str(error), error.line, error.column) from error
    return Document(path, flow.text, cells=flow.cells, skipped=flow.skipped, is_notebook=True)


def _decode(path: str, raw: bytes) -> tuple[str, str]:
    """Text and encoding by PEP 263."""
    try:
        # bytes.splitlines knows a lone carriage return, which readline() does not
        encoding, _ = tokenize.detect_encoding(iter(raw.splitlines(keepends=True)).__next__)
    except SyntaxError as error:
        _check_utf8(path, raw)
        raise UnreadableSource(path, str(error).removesuffix(f" for {path!r}")) from error
    if encoding == "utf-8-sig":
        return _check_utf8(path, raw).removeprefix(BYTE_ORDER_MARK), encoding
    if encoding == "utf-8":
        return _check_utf8(path, raw), encoding
    try:
        return raw.decode(encoding), encoding
    except UnicodeDecodeError as error:
        raise _undecodable(path, raw, error) from error
    except (LookupError, UnicodeError) as error:
        raise UnreadableSource(path, f"cannot decode as {encoding}: {error}") from error


def _check_utf8(path: str, raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _undecodable(path, raw, error) from error


def _undecodable(path: str, raw: bytes, error: UnicodeDecodeError) -> UnreadableSource:
    message = f"cannot decode as {error.encoding}: byte 0x{raw[error.start]:02x} ({error.reason})"
    return _unreadable_at(path, message, raw[: error.start].decode(error.encoding, errors="replace"))


def _unreadable_at(path: str, message: str, before: str) -> UnreadableSource:
    lines = NEWLINE.split(before)
    return UnreadableSource(path, message, len(lines), len(lines[-1].removeprefix(BYTE_ORDER_MARK)) + 1)
