"""Jupyter notebooks as one flow of Python: code cells joined, IPython's own syntax blanked in place.

Blanking keeps every line and column, so that a position in the joined text is a position in a cell. The formats are
nbformat 3 and 4 (https://nbformat.readthedocs.io/en/latest/format_description.html), the syntax is that of IPython's
input transformer (https://ipython.readthedocs.io/en/stable/interactive/reference.html).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mllint.source.text.syntax import NEWLINE, parse


class BrokenNotebook(Exception):
    """The file is no notebook. `line` and `column` are 1-based positions in the file's JSON."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell: its 1-based number among all cells, its source as written, and its lines in the joined text."""

    number: int
    source: str
    first_line: int
    line_count: int


@dataclass(frozen=True, slots=True)
class SkippedCell:
    """A cell that is not judged, and why; `cell` is None where that holds for the whole notebook."""

    cell: int | None
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Flow:
    """What a notebook runs from top to bottom."""

    text: str
    cells: tuple[Cell, ...]
    skipped: tuple[SkippedCell, ...]


def read_notebook(raw: bytes) -> Flow:
    """The code cells, joined: each cell's source followed by a newline. Raises BrokenNotebook."""
    notebook = _load(raw)
    language = _language(notebook)
    if language != "python":
        return Flow("", (), (SkippedCell(None, 1, f"the notebook is written in {language}, not in Python"),))
    texts: list[str] = []
    cells: list[Cell] = []
    skipped: list[SkippedCell] = []
    next_line = 1
    for number, source in _code_cells(notebook):
        text = blank_ipython(source)
        try:
            parse(text + "\n")
        except SyntaxError as error:
            line = min(error.lineno or 1, len(NEWLINE.split(source)))
            skipped.append(SkippedCell(number, line, f"the cell does not parse: {error.msg}"))
            text = _forget(text)
        line_count = len(NEWLINE.findall(text + "\n"))
        cells.append(Cell(number, source, next_line, line_count))
        texts.append(text + "\n")
        next_line += line_count
    return Flow("".join(texts), tuple(cells), tuple(skipped))


# ---------------------------------------------------------------- the file format


def _load(raw: bytes) -> Mapping[str, Any]:
    try:
        notebook = json.loads(raw)
    except json.JSONDecodeError as error:
        raise BrokenNotebook(f"not a notebook: {error.msg} in its JSON", error.lineno, error.colno) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise BrokenNotebook(f"not a notebook: {error}") from error
    if not isinstance(notebook, dict):
        raise BrokenNotebook("not a notebook: its JSON is no object")
    return notebook


def _language(notebook: Mapping[str, Any]) -> str:
    """The kernel's language in lower case; Python where the notebook does not say."""
    metadata = notebook.get("metadata")
    kernel = metadata if isinstance(metadata, dict) else {}
    for section, key in (("language_info", "name"), ("kernelspec", "language")):
        named = kernel.get(section)
        if isinstance(named, dict) and isinstance(named.get(key), str) and named[key]:
            name: str = named[key].lower()
            return "python" if "python" in name else name
    return "python"


def _code_cells(notebook: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Number and source of each code cell."""
    for number, cell in enumerate(_all_cells(notebook), start=1):
        if not isinstance(cell, dict):
            raise BrokenNotebook(f"not a notebook: cell {number} is no object")
        if cell.get("cell_type") == "code" and str(cell.get("language", "python")).lower() == "python":
            yield number, _source(number, cell)


def _all_cells(notebook: Mapping[str, Any]) -> list[Any]:
    sheets = notebook.get("worksheets")  # nbformat 3 and before
    holders = sheets if "cells" not in notebook and isinstance(sheets, list) else [notebook]
    cells: list[Any] = []
    for holder in holders:
        held = holder.get("cells") if isinstance(holder, dict) else None
        if not isinstance(held, list):
            raise BrokenNotebook("not a notebook: it has no list of cells")
        cells.extend(held)
    return cells


def _source(number: int, cell: Mapping[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, str):
        return source
    if isinstance(source, list) and all(isinstance(part, str) for part in source):
        return "".join(source)
    raise BrokenNotebook(f"not a notebook: the source of cell {number} is no text")


# ---------------------------------------------------------------- IPython's syntax

PYTHON_CELL_MAGICS = frozenset(
    {"capture", "debug", "heat", "memit", "mprun", "notify", "prun", "lprun", "scalene", "snoop", "time", "timeit"}
    | {"tensorflow_version", "wandb", "with_papermill", "skip_if_ci"}
)
"""Cell magics whose cell is Python run in the notebook's own namespace."""

_TO_END = r"(?:[^\r\n]*\\(?:\r\n?|\n))*[^\r\n]*"  # the rest of a line and the lines it continues on
_CELL_MAGIC = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n))*(?P<magic>%%(?P<name>\w+)[^\r\n]*)")
_TIMED = re.compile(
    rf"[ \t]*(?P<magic>%(?:time|timeit|prun|memit)\b(?:[ \t]+-\w+(?:[ \t]+\d+)?)*[ \t]+)(?P<code>{_TO_END})"
)
_ESCAPED = re.compile(rf"[ \t]*(?P<code>[!?%,;/]{_TO_END})")
_ASSIGNED = re.compile(rf"[^!%?#\r\n]*[^=!<>%?#\r\n]=[ \t]*(?P<code>(?:!(?=[^\r\n])|%(?=[A-Za-z])){_TO_END})")
_AUTOMAGIC = re.compile(
    r"(?P<code>(?:pip3?|conda|cd|ls|ll|mkdir|rm|cp|mv|cat|pwd|matplotlib|pylab|load_ext|autoreload)"
    r"(?:[ \t]+[^\s=(,\[][^\r\n]*)?)(?=[\r\n]|\Z)"
)
_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\r\n]*)
    | (?P<string>'{3}(?:\\[\s\S]|[^\\])*?'{3} | "{3}(?:\\[\s\S]|[^\\])*?"{3}
                |'(?:\\(?:\r\n|[\s\S])|[^\\'\r\n])*' | "(?:\\(?:\r\n|[\s\S])|[^\\"\r\n])*")
    | (?P<continuation>\\(?:\r\n?|\n))
    | (?P<open>[(\[{]) | (?P<close>[)\]}])
    | (?P<question>\?)
    | (?P<newline>\r\n?|\n)
    """,
    re.VERBOSE,
)
_UNKNOWN = "__"
"""Stands for the result of a shell line: a name that nothing binds."""


def blank_ipython(source: str) -> str:
    """The cell with everything that is not Python replaced by no-ops of the same size."""
    magic = _CELL_MAGIC.match(source)
    if magic is not None:
        if magic["name"] not in PYTHON_CELL_MAGICS:
            return _blank(source)
        source = _put(source, magic.start("magic"), magic.end("magic"), "")
    if _parses(source):
        return source
    position = 0
    while position < len(source):
        source = _blank_line(source, position)
        position, _ = _logical_line(source, position)
    return source


def _blank_line(source: str, start: int) -> str:
    """Blanks the logical line at `start` where it is not Python."""
    timed = _TIMED.match(source, start)
    if timed is not None and _parses(timed["code"]):
        return _put(source, timed.start("magic"), timed.end("magic"), "0".ljust(len(timed["magic"]) - 1) + ";")
    for pattern, replacement in ((_ESCAPED, "0"), (_ASSIGNED, _UNKNOWN), (_AUTOMAGIC, "0")):
        match = pattern.match(source, start)
        if match is not None:
            return _put(source, match.start("code"), match.end("code"), replacement)
    end, asks = _logical_line(source, start)
    if asks:
        indent = len(source[start:end]) - len(source[start:end].lstrip(" \t"))
        return _put(source, start + indent, end, "0")
    return source


def _logical_line(source: str, start: int) -> tuple[int, bool]:
    """Where the logical line ends, its newline included, and whether it holds a question mark outside strings."""
    depth = 0
    asks = False
    for token in _TOKEN.finditer(source, start):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        elif kind == "question":
            asks = True
        elif kind == "newline" and depth <= 0:
            return token.end(), asks
    return len(source), asks


def _put(source: str, start: int, end: int, replacement: str) -> str:
    """`source` with `replacement` at `start` and blanks from there to `end`."""
    blanked = replacement + _blank(source[start + len(replacement) : end])
    return source[:start] + blanked + source[end:]


def _blank(text: str) -> str:
    return re.sub(r"[^\r\n]", " ", text)


def _parses(text: str) -> bool:
    try:
        parse(text + "\n")
    except SyntaxError:
        return False
    return True


# ---------------------------------------------------------------- cells that do not parse

_NAMES = r"[A-Za-z_]\w*(?:[ \t]*,[ \t]*[A-Za-z_]\w*)*"
_BINDING = re.compile(
    rf"""
    ^[ \t]*(?:
        (?:def|class)[ \t]+(?P<defined>[A-Za-z_]\w*)
      | for[ \t]+(?P<looped>{_NAMES})[ \t]+in\b
      | (?P<assigned>{_NAMES})(?:\.\w+|\[[^\]\r\n]*\])*[ \t]*(?:[-+*/@|&]|//|\*\*)?=(?!=)
      | (?P<changed>[A-Za-z_]\w*)\.(?:add|append|compile|extend|insert|pop|update)\(
    )
    """,
    re.MULTILINE | re.VERBOSE,
)


def _forget(text: str) -> str:
    """A blank cell of as many lines, in which the names that the cell would have changed become unknown."""
    bound = (binding[binding.lastgroup or 0] for binding in _BINDING.finditer(text))
    names = dict.fromkeys(name.strip() for targets in bound for name in targets.split(","))
    assignment = " = ".join([*names, _UNKNOWN])
    forgotten = assignment + "".join(NEWLINE.findall(text))
    return forgotten if names and _parses(forgotten) else "".join(NEWLINE.findall(text))
