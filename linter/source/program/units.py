"""The files of a program that is run: the one that is looked at, and those that it imports.

An import binds a name and nothing more. The other file is run, to its end or as far as can be followed, when a value is
asked for that comes from it; a file that is running already gives the names that it has by then.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from mllint.rules import knowledge
from mllint.source.modules import Modules
from mllint.source.parsing.parsed import ParsedFile
from mllint.source.program import tree
from mllint.source.program.conditions import choose
from mllint.source.program.keras_library import symbols
from mllint.source.program.values import Choice, Constant, Imported, Missing, Namespace, Symbol, Value

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

MAIN = "__main__"
DEEPEST = 16
"""Files that are run for each other."""


@dataclass(eq=False, slots=True)
class Unit:
    """One module of the program."""

    where: str | None
    """What `Modules` calls it; None for the file that is looked at."""
    name: str
    """What `__name__` is in it."""
    scope: int
    file: ParsedFile | None
    """None for a namespace package, and for what is not followed."""
    ran: bool = False
    """Also true while it is running."""
    is_open: bool = False
    """The program writes names into it that are not known: its constants may be anything."""
    stars: list[str] = field(default_factory=list)
    """The modules whose names it imports with a star, as it writes them: for the names of libraries."""


class Units:
    """The modules of one run."""

    def __init__(self, run: Interpreter, file: ParsedFile, modules: Modules) -> None:
        self.run = run
        self.modules = modules
        self.main = Unit(None, MAIN, run.new_scope(None), file, ran=True)
        self._by_place: dict[str, Unit] = {}
        self._by_scope: dict[int, Unit] = {self.main.scope: self.main}
        self._linked: dict[Value, Value] = {}
        self._imported: list[Imported] = []
        self._running = 0

    @property
    def is_importing(self) -> bool:
        """Whether what runs now is another file's own statements, which no call of this file asked for."""
        return self._running > 0

    # ---- importing ---------------------------------------------------------------------------------------------------

    def imported(self, node: cst.CSTNode, module: str, attribute: str | None) -> Symbol:
        """What `import module` or `from module import attribute` in the present file binds."""
        name = f"{module}.{attribute}" if attribute is not None else module
        importer = self.of(self.run.frames[-1].scope)
        if self._located(module, importer) is None:
            return Symbol(node, name)
        made = Imported(node, name, importer, module, attribute)
        self._imported.append(made)
        return made

    def run_for_effect(self, module: str) -> None:
        """Run a module that the present file imports and never names: it is imported for what it does."""
        importer = self.of(self.run.frames[-1].scope)
        where = self._located(module, importer)
        if where is not None and importer.file is not None:
            root = re.escape(module.partition(".")[0])
            if len(re.findall(rf"(?<![\w.]){root}\b", importer.file.document.text)) == 1:
                self._run(self._unit(where))

    def taught(self, node: cst.FunctionDef | cst.ClassDef) -> Symbol | None:
        """What stands for a definition of the present module that a team's knowledge has a row for."""
        if not knowledge.teaches():
            return None
        scope = self.run.frames[-1].scope
        unit = self.of(scope)
        if scope != unit.scope:
            return None
        name = f"{self._full_name(unit)}.{node.name.value}"
        return Symbol(None, name) if knowledge.is_taught(name) else None

    def _full_name(self, unit: Unit) -> str:
        return unit.name if unit is not self.main else self.modules.name(self._path_of(unit))

    def path_here(self) -> str | None:
        """What `__file__` is in the present file; None in a notebook, which has none."""
        unit = self.of(self.run.frames[-1].scope)
        is_notebook = unit.file is not None and unit.file.document.is_notebook
        return self._path_of(unit) if not is_notebook else None

    def _path_of(self, unit: Unit) -> str:
        assert self.main.file is not None
        return unit.where if unit.where is not None else os.path.abspath(self.main.file.path)

    def import_star(self, node: cst.ImportFrom, module: str) -> None:
        """Bind what `from module import *` brings, name by name; of a library, only its name is kept."""
        importer = self.of(self.run.frames[-1].scope)
        importer.stars.append(module)
        where = self._located(module, importer)
        if where is None:
            return
        other = self._unit(where)
        self._run(other)
        for name in self._public_names(other) if other is not importer else ():
            made = Imported(node, f"{module}.{name}", importer, module, name)
            self._imported.append(made)
            self.run.bind(name, made)

    def of(self, scope: int) -> Unit:
        """The module that a scope belongs to."""
        return self._by_scope[self.run.outermost(scope)]

    def module_called(self, name: str, node: cst.CSTNode) -> Namespace | None:
        """The module of this program that the present file calls by a name that it computes."""
        here = self.of(self.run.frames[-1].scope)
        if name == here.name:
            return Namespace(node, here.scope)
        where = self._located(name, here)
        return self._namespace(where, node) if where is not None else None

    def is_of_another_file(self, node: cst.CSTNode) -> bool:
        """Whether a node is written in a file that is imported."""
        return self.run.data.file_of(node) is not None or self.file_of(node) is not self.main.file

    def _located(self, module: str, importer: Unit) -> str | None:
        return self.modules.locate(module, importer.where)

    # ---- what names stand for ----------------------------------------------------------------------------------------

    def linked(self, value: Value) -> Value:
        """The value itself, where it is one of another file: the same each time it is asked for."""
        if not isinstance(value, Imported | Choice):
            return value
        if value not in self._linked:
            self._linked[value] = value  # what files import from each other in a circle stays a name
            self._linked[value] = self._link(value)
        return self._linked[value]

    def _link(self, value: Imported | Choice) -> Value:
        if isinstance(value, Imported):
            return self._value_of(value) or value
        then, otherwise = self.linked(value.then), self.linked(value.otherwise)
        if then is value.then and otherwise is value.otherwise:
            return value
        return then if _same_module(then, otherwise) else choose(value.condition, then, otherwise)

    def _value_of(self, name: Imported) -> Value | None:
        importer = name.importer
        if name.attribute is None:
            where = self._located(name.module, importer)
            return self._namespace(where, name.node) if where is not None else None
        where = self._located(name.module, importer)
        if not name.module.strip(".") or (where is not None and self._unit(where) is importer):
            # `from . import layers`: the package is being imported itself, its module is what is meant
            dot = "" if name.module.endswith(".") else "."
            below = self._located(f"{name.module}{dot}{name.attribute}", importer)
            if below is not None:
                return self._namespace(below, name.node)
        return self.member(self._unit(where), name.attribute, name.node) if where is not None else None

    def member(self, unit: Unit, name: str, node: cst.CSTNode | None) -> Value | None:
        """`module.name`; None where it is not known, or where the tables know more of it than its text says."""
        if _is_known(f"{unit.name}.{name}"):
            return Symbol(node, f"{unit.name}.{name}")
        self._run(unit)
        value = self.run.store.get((unit.scope, name))
        if value is not None:
            value = self.linked(value)
            if unit.is_open and isinstance(value, Constant | Choice):
                return Missing(node, f"{name} may be written anew under a name that is not known")
            if isinstance(value, Symbol) and tree.is_import(value.node):
                return Symbol(node, value.name)
            return value
        found = self.from_stars(unit, name)
        if found is not None:
            return found
        where = self.modules.below(unit.where, name) if unit.where is not None else None
        return self._namespace(where, node) if where is not None else None

    def attribute(self, module: Namespace, name: str, node: cst.CSTNode) -> Value | None:
        """`module.name` as the program reads it."""
        return self.member(self._by_scope[module.reference], name, node)

    def unknown(self, module: Namespace, name: str, node: cst.CSTNode) -> Value:
        """What stands for `module.name` where it is not known."""
        return Symbol(node, f"{self._by_scope[module.reference].name}.{name}")

    def from_stars(self, unit: Unit, name: str, asked: frozenset[int] = frozenset()) -> Value | None:
        """What a star import of a library brings under a name, here or in a module of which this one imports all; the
        last one wins. `asked` are the scopes of the modules that ask."""
        asked |= {unit.scope}
        for module in reversed(unit.stars):
            symbol = Symbol(None, f"{module}.{name}")
            if symbols.is_known(knowledge.canonical(symbol.name)):
                return symbol
            where = self._located(module, unit)
            other = self._unit(where) if where is not None else None
            if other is not None and other.scope not in asked and self._is_public(other, name):
                found = self.from_stars(other, name, asked)
                if found is not None:
                    return found
        return None

    def _is_public(self, unit: Unit, name: str) -> bool:
        listed = self._listed(unit)
        return name in listed if listed is not None else not name.startswith("_")

    def _public_names(self, unit: Unit) -> list[str]:
        defined = self.run.store.names(unit.scope)
        return [name for name in defined if self._is_public(unit, name)]

    def _listed(self, unit: Unit) -> list[object] | None:
        """The names in `__all__`; None where it is not there, or not known."""
        listed = self.run.store.get((unit.scope, "__all__"))
        names = self.run.iterate(listed) if listed is not None else None
        return [one.value for one in names if isinstance(one, Constant)] if names is not None else None

    def _namespace(self, where: str, node: cst.CSTNode | None) -> Namespace:
        return Namespace(node, self._unit(where).scope)

    # ---- running -----------------------------------------------------------------------------------------------------

    def _unit(self, where: str) -> Unit:
        if self.modules.is_read_file(where):
            return self.main
        if where not in self._by_place:
            unit = Unit(where, self.modules.name(where), self.run.new_scope(None), None)
            self._by_place[where] = self._by_scope[unit.scope] = unit
        return self._by_place[where]

    def write_unknown(self, module: Namespace) -> None:
        """Something is written into a module under a name that is not known."""
        self._by_scope[module.reference].is_open = True

    def write_unknown_here(self) -> None:
        """The same for the module that is running, where it is not the file that is looked at."""
        unit = self.of(self.run.frames[-1].scope)
        unit.is_open = unit is not self.main

    def before_write(self, module: Namespace, name: str) -> None:
        """Run a module, if it did not run yet, and look at what was imported from it under a name: what is written into
        it now changes neither."""
        unit = self._by_scope[module.reference]
        self._run(unit)
        for one in self._imported:
            if one.attribute == name and self._located(one.module, one.importer) == unit.where:
                self.linked(one)

    def _run(self, unit: Unit) -> None:
        if unit.ran or self._running >= DEEPEST:
            return
        unit.ran = True
        assert unit.where is not None
        unit.file = self.modules.read(unit.where)
        if unit.file is None:
            return
        self._running += 1
        try:
            self.run.run_imported(unit.file.tree, unit.scope)
        finally:
            self._running -= 1

    # ---- where nodes are written -------------------------------------------------------------------------------------

    def file_of(self, node: cst.CSTNode) -> ParsedFile:
        """The file that a node is written in; the one that is looked at, for what nobody wrote."""
        assert self.main.file is not None
        others = (unit.file for unit in self._by_place.values() if unit.file is not None)
        return next((file for file in others if file.holds(node)), self.main.file)

    def code(self, node: cst.CSTNode) -> str:
        """The text of a node on one line, with the parentheses around an expression."""
        assert self.main.file is not None
        others = (file for file in self.files() if file is not self.main.file)
        return next((file for file in others if file.holds(node)), self.main.file).code(node)

    def files(self) -> Iterator[ParsedFile]:
        """All that were run, the one that is looked at first."""
        units = (self.main, *self._by_place.values())
        yield from (unit.file for unit in units if unit.file is not None)


_KINDS = ("array", "copy", "dataset", "generator", "table")
"""What the tables call the objects whose methods they know: no modules."""


def _is_known(dotted: str) -> bool:
    return dotted.partition(".")[0] not in _KINDS and bool(knowledge.sections_of(knowledge.canonical(dotted)))


def _same_module(left: Value, right: Value) -> bool:
    return isinstance(left, Namespace) and isinstance(right, Namespace) and left.reference == right.reference
