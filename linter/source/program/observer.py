"""What a program passes to code that is not its own: numbers and strings, wherever they were written."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple, TypeAlias

import libcst as cst

from mllint.rules import knowledge
from mllint.source.modules import Modules
from mllint.source.parsing.parsed import ParsedFile
from mllint.source.program.interpreter import Interpreter
from mllint.source.program.values import (
    Arguments,
    Bound,
    Choice,
    Class,
    Constant,
    Entries,
    Function,
    Items,
    Partial,
    Symbol,
    Value,
)

Given: TypeAlias = "str | tuple[Given, ...] | None"
"""A constant or a name of the library as text; a tuple of what a container holds; None for anything else."""


class Passed(NamedTuple):
    """One call, with what it was given: the positional arguments, then the others by name."""

    node: cst.Call
    positional: tuple[Given, ...]
    keywords: tuple[tuple[str, Given], ...]


class Observer(Interpreter):
    """Runs a program, and notes its calls of libraries and of what is not known, in their order."""

    def __init__(self, file: ParsedFile, modules: Modules, refused: Collection[str]) -> None:
        super().__init__(file, modules, refused)
        self.passed: list[Passed] = []

    def call_one(self, function: Value, arguments: Arguments, node: cst.Call) -> Value:
        if not isinstance(function, Function | Bound | Class | Partial):  # these pass it on
            positional = tuple(_given(self.frozen(one)) for one in arguments.positional)
            keywords = tuple((name, _given(self.frozen(one))) for name, one in arguments.keywords.items())
            self.passed.append(Passed(node, positional, keywords))
        return super().call_one(function, arguments, node)


def _given(value: Value) -> Given:
    if isinstance(value, Constant):
        return f"{type(value.value).__name__} {value.value!r}"
    if isinstance(value, Symbol):
        return knowledge.canonical(value.name)
    if isinstance(value, Items):
        return tuple(map(_given, value.values))
    if isinstance(value, Entries):
        return tuple((repr(key), _given(one)) for key, one in value.values.items())
    if isinstance(value, Choice):
        return _given(value.then), _given(value.otherwise)
    return None
