"""The names of a file: what they are bound to, and by which of them its parts see each other.

A name and an attribute of the same name are told apart, unless the file defines something that may be written both
ways: then they are one key.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Sequence
from typing import Final

from mllint.source.relevance import words
from mllint.source.relevance.parts import Part
from mllint.source.relevance.syntax import last_name

_BUILTINS: Final = frozenset(dir(builtins))
_LOOP_ATTRIBUTE: Final = re.compile(r"\bfor[ \t]+\(?(?:[\w.]+[ \t]*,[ \t]*)*\w+\.(\w+)[^\n#]*\bin\b")
"""`x` of `for self.x in …`, which a comprehension may have too."""


class Names:
    """What the parts of a file bind. `is_own` says of a module, as an import names it, whether it may be another file
    of the program."""

    def __init__(self, parts: Sequence[Part], text: str, is_own: Callable[[str], bool]) -> None:
        self.defined: dict[str, list[int]] = {}
        """The functions, classes and methods of each name."""
        self.members: dict[int, list[int]] = {}
        """The parts in the body of each class."""
        self.variables: set[str] = set()
        """What may change, or hold what may change."""
        self.attributes: set[str] = set(_LOOP_ATTRIBUTE.findall(text))
        """What is set of any object."""
        self.paths: dict[str, str] = {}
        """What the names of libraries stand for."""
        self.imports_own_files = False
        self.imports_all_of_own_files = False
        self.has_stars = False
        self.reads_files = False
        self._constants: set[str] = set()
        self._aliases: set[str] = set()
        self._of_classes: set[str] = set()
        self._of_module: set[str] = set()
        self._is_own = is_own
        for place, part in enumerate(parts):
            self._read(place, part)
        self.libraries = self._aliases - self.variables - self._constants - self.defined.keys()
        """The names that always stand for something of a library."""
        by_name_alone = self.variables | self._constants | self._aliases | self._of_module | _BUILTINS
        self.callable = by_name_alone & self.defined.keys()
        """The definitions that may be meant by their names alone."""
        self.known = self.variables | self._constants | self._aliases | self.callable
        self.seen = self.attributes | self._of_classes | self.defined.keys()
        """What is set or defined and may be an attribute."""
        self._both = self.seen & (self.known - self.libraries)
        self._fields = self.attributes | (self.variables & self._of_classes)

    def key(self, attribute: str) -> str:
        """The key of an attribute; that of a name alone is the name."""
        return attribute if attribute in self._both else f".{attribute}"

    def may_change(self, key: str) -> bool:
        """Whether something that others see may change under a key."""
        if key[0] == ".":
            return key[1:] in self._fields
        return key in self.variables or (key in self._both and key in self._fields)

    # ---- reading ---------------------------------------------------------------------------------------------------

    def _read(self, place: int, part: Part) -> None:
        if part.name:
            self.defined.setdefault(part.name, []).append(place)
            self.variables |= part.bound - {part.name}
            if part.owner is None:
                self._of_module.add(part.name)
        elif part.imports:
            self._aliases |= part.bound
        elif part.constant:
            self._constants |= part.bound
        else:
            self.variables |= part.bound
        self.attributes |= part.stored
        if part.owner is not None:
            self.members.setdefault(part.owner, []).append(place)
            self._of_classes |= part.bound
        if not part.words.isdisjoint(("setattr", ".setattr")):
            self.attributes |= _set_by_name(part)
        for one in part.imports:
            for alias in one.names:
                self._read_import(part, one, alias)

    def _read_import(self, part: Part, one: ast.Import | ast.ImportFrom, alias: ast.alias) -> None:
        self.has_stars |= alias.name == "*"
        dotted = imported(one, alias)
        self.reads_files |= not words.FORMATS.isdisjoint(dotted.split("."))
        if self._is_of_own_file(one, alias):
            self.imports_own_files = True
            self.imports_all_of_own_files |= alias.name == "*"
            self.variables |= part.bound if part.function is None else set()
        elif isinstance(one, ast.Import) and alias.asname is None:
            self.paths[alias.name.partition(".")[0]] = alias.name.partition(".")[0]
        else:
            self.paths[alias.asname or alias.name] = dotted

    def imports_own_file(self, part: Part) -> bool:
        """Whether a part imports another file of the program."""
        return any(self._is_of_own_file(one, alias) for one in part.imports for alias in one.names)

    def _is_of_own_file(self, one: ast.Import | ast.ImportFrom, alias: ast.alias) -> bool:
        modules = (_module(one) or alias.name.partition(".")[0], imported(one, alias))
        return any(map(self._is_own, modules))


def imported(one: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    """The full name of what an import binds."""
    module = _module(one)
    return f"{module}.{alias.name}" if module.strip(".") else module + alias.name


def _module(one: ast.Import | ast.ImportFrom) -> str:
    return "." * one.level + (one.module or "") if isinstance(one, ast.ImportFrom) else ""


def _set_by_name(part: Part) -> set[str]:
    """The attributes that setattr() sets."""
    calls = [one for one in part.nodes() if isinstance(one, ast.Call) and last_name(one.func) == "setattr"]
    given = [one.args[1] for one in calls if len(one.args) > 1]
    return {one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)}
