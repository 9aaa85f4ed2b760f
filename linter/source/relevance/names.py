"""The names of a file: what its parts bind, and what of that may change.

Parts see each other by keys. The key of a name is the name, that of an attribute has a dot before it; where a name and
an attribute may be the same thing, they have one key.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Final

from mllint.source.relevance import words
from mllint.source.relevance.parts import FunctionNode, Part, names_in, walk

_SET_BY_NAME: Final = re.compile(r"setattr\([^\"'()]*[\"'](\w+)[\"']")


class Names:
    """What the parts of a file bind."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.defined: dict[str, list[int]] = {}
        """The functions, classes and methods of each name."""
        self.members: dict[int, list[int]] = {}
        """The parts in the body of each class."""
        self.attributes: set[str] = set()
        """What is set of any object."""
        self.libraries: dict[str, str] = {}
        """The full names of what the imports bind."""
        self._variables: set[str] = set()
        self._constants: set[str] = set()
        self._alone: set[str] = set()
        """The definitions that may be meant by their names alone."""
        self._of_classes: set[str] = set()
        for place, part in enumerate(parts):
            self._read(place, part)
        for name in self._variables | self._constants | self.defined.keys():
            self.libraries.pop(name, None)
        own = self._variables | self._constants | (self._alone & self.defined.keys())
        members = self.attributes | self._of_classes | self.defined.keys()
        self._keys = {name: name for name in (*own, *self.libraries)}
        self._keys |= {f".{name}": name if name in own else f".{name}" for name in members}
        changing = self.attributes | (self._of_classes & self._variables)
        self.shared = self._variables | {self._keys[f".{name}"] for name in changing}
        """The keys under which parts may see what other parts change."""

    def keys(self, part: Part) -> set[str]:
        """Of all that a part names and another may bind."""
        keys = {self._keys[word] for word in part.words & self._keys.keys()}
        if not part.words.isdisjoint(words.BY_NAME):
            keys |= {self._keys[f".{word}"] for word in part.words if f".{word}" in self._keys}
        return keys

    def bound_by(self, part: Part) -> set[str]:
        """The keys of all that a part binds."""
        names = part.bound if part.function is not None else part.bound | part.constants | dict(_aliases(part)).keys()
        return {self._keys[word] for name in names for word in (name, f".{name}") if word in self._keys}

    def key(self, attribute: str) -> str:
        return self._keys.get(f".{attribute}", f".{attribute}")

    def _read(self, place: int, part: Part) -> None:
        if part.owner is not None:
            self.members.setdefault(part.owner, []).append(place)
            self._of_classes |= part.bound | part.constants
            self._of_classes |= dict(_aliases(part)).keys() if part.function is None else set()
        if part.name:
            self.defined.setdefault(part.name, []).append(place)
            self._variables |= part.bound - {part.name}
        else:
            self._variables |= part.bound
            self._constants |= part.constants
        if part.function is not None and _keeps_something(part.function):
            self._variables.add(part.name)
        if part.function is None:
            self.libraries.update(_aliases(part))
        if part.owner is None:
            self._alone |= part.bound
        elif part.function is None:
            self._alone |= part.words
        else:
            self._alone |= names_in(part.function.decorator_list)
        self.attributes |= part.stored
        if "setattr" in part.words or ".setattr" in part.words:
            self.attributes.update(_SET_BY_NAME.findall(part.text))


def imported(one: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    """The full name of what an import binds."""
    module = module_of(one)
    return f"{module}.{alias.name}" if module.strip(".") else module + alias.name


def module_of(one: ast.Import | ast.ImportFrom) -> str:
    return "." * one.level + (one.module or "") if isinstance(one, ast.ImportFrom) else ""


def _aliases(part: Part) -> Iterator[tuple[str, str]]:
    for one in part.imports:
        for alias in one.names:
            if isinstance(one, ast.Import) and alias.asname is None:
                yield (alias.name.partition(".")[0],) * 2
            else:
                yield alias.asname or alias.name, imported(one, alias)


def _keeps_something(function: FunctionNode) -> bool:
    """Whether a default is an object that every call sees."""
    parameters = function.args
    given = (*parameters.defaults, *filter(None, parameters.kw_defaults))
    return not all(isinstance(one, _PLAIN) for top in given for one in walk(top))


_PLAIN: Final = (ast.Constant, ast.Name, ast.Attribute, ast.Tuple, ast.UnaryOp, ast.unaryop, ast.BinOp, ast.operator)
