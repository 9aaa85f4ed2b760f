"""What a team's own files teach, laid over what is known of Keras: the same rows, in one file by section.

The tables in use are a context variable, so that every file is judged by what its settings name, in any thread.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from mllint.rules.knowledge import like, load
from mllint.rules.knowledge.bounds import check_shape, check_size
from mllint.rules.knowledge.fields import Fields, KnowledgeError, document, line_of
from mllint.rules.knowledge.names import canonical
from mllint.rules.knowledge.rows import DataFunctionRow, LayerRow
from mllint.rules.knowledge.table import Table

CASES: Final = "cases"
"""Programs that show what the rows are for; `mllint test` judges them."""

Text = tuple[str, bytes]
"""The path of a file, and what it holds."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The tables of the sections that a team's files add to, and what they add."""

    tables: Mapping[str, Table[Any]]
    symbols: frozenset[str]
    """The dotted names and strings that Keras has not."""
    sections: Mapping[str, frozenset[str]]
    """The sections that have a row for each dotted symbol, those of Keras too."""


_IN_USE: ContextVar[Knowledge | None] = ContextVar("knowledge", default=None)


def table(section: str) -> Table[Any]:
    """The rows of a section that are in use."""
    taught = _IN_USE.get()
    if taught is not None and section in taught.tables:
        return taught.tables[section]
    return load.of_keras(section)


def sections_of(symbol: str) -> frozenset[str]:
    """The sections that have a row for a canonical dotted symbol: mostly none, which is quicker asked here than of each
    table."""
    taught = _IN_USE.get()
    known = taught.sections if taught is not None else load.symbols_of_keras()
    return known.get(symbol, _NONE)


_NONE: Final[frozenset[str]] = frozenset()


def teaches() -> bool:
    """Whether files of a team's own are in use."""
    return _IN_USE.get() is not None


def is_taught(symbol: str) -> bool:
    """Whether a dotted name or string is one that a team's file has a row for, and Keras has not."""
    taught = _IN_USE.get()
    return taught is not None and symbol in taught.symbols


@contextmanager
def using(texts: tuple[Text, ...]) -> Iterator[None]:
    """The tables hold what the files add. Raises KnowledgeError."""
    token = _IN_USE.set(knowledge_in(texts))
    try:
        yield
    finally:
        _IN_USE.reset(token)


def cases(text: Text) -> Mapping[str, str]:
    """The programs of a file that show what its rows are for, by their titles. Raises KnowledgeError."""
    knowledge_in((text,))
    file, raw = text
    programs: dict[str, str] = sections(file, _decoded(file, raw)).get(CASES, {})
    return programs


@lru_cache(maxsize=16)
def knowledge_in(texts: tuple[Text, ...]) -> Knowledge:
    """What the files teach, one after the other; what comes later goes before. Raises KnowledgeError."""
    tables: dict[str, Table[Any]] = {}
    symbols: set[str] = set()
    for file, raw in texts:
        for row, before in _rows(file, _decoded(file, raw), tables):
            symbols.update(_names(row) - {*before.symbols(), *before.identifiers()})
    in_use = {section: tables.get(section, load.of_keras(section)) for section in load.SECTIONS}
    return Knowledge(tables, frozenset(symbols), load.sections_by_symbol(in_use))


def _decoded(file: str, raw: bytes) -> str:
    check_size(raw, file)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise KnowledgeError(file, "", "is not UTF-8", raw.count(b"\n", 0, error.start) + 1) from None
    check_shape(text, file)
    return text


# ---------------------------------------------------------------- one file


def sections(file: str, text: str) -> dict[str, Any]:
    """The sections of a file. Raises KnowledgeError where it has others than those that there are."""
    content = document(text, file)
    valid = (*load.SECTIONS, CASES)
    for section in content:
        if section not in valid:
            nearest = difflib.get_close_matches(section, valid, n=1)
            advice = f"did you mean {nearest[0]!r}?" if nearest else f"valid sections: {', '.join(valid)}"
            raise KnowledgeError(file, "", f"unknown section {section!r}; {advice}", at=(section,))
    return content


def _rows(file: str, text: str, tables: dict[str, Table[Any]]) -> Iterator[tuple[Any, Table[Any]]]:
    """Every row of a file, which it puts into the tables, with the table before that."""
    try:
        for section, rows in sections(file, text).items():
            if section == CASES:
                _check_cases(file, rows)
                continue
            claimed: dict[str, str] = {}
            for name, row in _section(file, section, rows, tables):
                before = tables.get(section, load.of_keras(section))
                _claim(file, section, name, row, before, claimed)
                tables[section] = before.with_row(row)
                yield row, before
    except KnowledgeError as error:
        line = error.line or line_of(text, error.at)
        raise KnowledgeError(file, error.row, error.message, line, error.at) from None


def _section(file: str, section: str, rows: object, tables: Mapping[str, Table[Any]]) -> Iterator[tuple[str, Any]]:
    if not isinstance(rows, dict) or not all(isinstance(name, str) for name in rows):
        raise KnowledgeError(file, section, "expected a mapping from names to rows", at=(section,))
    for name, content in rows.items():
        fields = Fields(file, f"{section}: {name}", content, (section, name))
        if fields.has(like.KEY):
            row = like.row_like(section, canonical(name), fields, tables.get(section, load.of_keras(section)))
        else:
            row = load.SECTIONS[section].build(canonical(name), fields)
            _check_names(row, fields, tables)
        fields.finish()
        yield name, row


def _check_names(row: Any, fields: Fields, tables: Mapping[str, Table[Any]]) -> None:
    """What a row names must be there: a mistake here is silence later, or a crash."""
    if isinstance(row, DataFunctionRow):
        effects = {one.effect for one in load.of_keras("label_sources")}
        _check_one_of(row.effect, effects, "effect", fields)
    if isinstance(row, LayerRow) and row.default_activation is not None:
        activations = tables.get("activations", load.of_keras("activations"))
        _check_one_of(row.default_activation, {one.name for one in activations}, "default_activation", fields)


def _check_one_of(name: str, valid: set[str], key: str, fields: Fields) -> None:
    if name not in valid:
        nearest = difflib.get_close_matches(name, sorted(valid), n=1)
        advice = f"did you mean {nearest[0]!r}?" if nearest else f"it is one of {', '.join(sorted(valid))}"
        raise fields.error(f"{name!r} is not known; {advice}", key)


def _claim(file: str, section: str, name: str, row: Any, before: Table[Any], claimed: dict[str, str]) -> None:
    """Raises KnowledgeError where two rows of one file mean the same symbol or string."""
    for key in _names(row) - _names(before.get(row.name)):
        other = claimed.setdefault(key, name)
        if other != name:
            raise KnowledgeError(file, f"{section}: {name}", f"{key!r} belongs to {other!r} too", at=(section, name))


def _names(row: Any) -> set[str]:
    return {*row.symbols, *row.identifiers} if row is not None else set()


def _check_cases(file: str, cases: object) -> None:
    if not isinstance(cases, dict) or not all(isinstance(one, str) for pair in cases.items() for one in pair):
        raise KnowledgeError(file, CASES, "expected a mapping from titles to programs", at=(CASES,))
