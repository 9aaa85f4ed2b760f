"""Imports that a repair needs, and those that it leaves without a use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting import sequences
from mllint.fixes.rewriting.names import Names, bound_name, family, module_of
from mllint.fixes.rewriting.program import Program
from mllint.fixes.text import TextEdit


@dataclass
class ImportDraft:
    """What becomes of the imports of one program."""

    program: Program
    names: Names
    wanted: dict[tuple[str, str], cst.CSTNode | None] = field(default_factory=dict)
    """Module and name, with the import that they join or the line they come after; None for the top of the program."""

    def spell(self, symbol: str, at: cst.CSTNode) -> str:
        """The code for a canonical name at a place; what no import reaches is imported.

        Raises Refused where the name that the import would bind is taken.
        """
        found = self.names.spelling(symbol, at)
        if found is not None:
            return found
        path, _, name = symbol.rpartition(".")
        for module, bound, code in self._ways(path, name):
            if (module, bound) in self.wanted:
                return code
            if bound not in self.names.taken:
                self.wanted[module, bound] = self._after(at, bound)
                return code
        raise Refused(f"the name {name} is taken in this program")

    def spell_beside(self, func: cst.BaseExpression, symbol: str) -> str:
        """The code for a canonical name, reached as what `func` names is reached, if both are in one module.

        Raises Refused as spell does.
        """
        module, _, name = symbol.rpartition(".")
        if (self.names.symbol(func) or "").rpartition(".")[0] != module:
            return self.spell(symbol, func)
        if isinstance(func, cst.Attribute):
            return f"{self.program.code(func.value)}.{name}"
        spelling = self.names.spelling(symbol, func)
        statement = self.names.statement_of(func)
        if spelling == name or not isinstance(statement, cst.ImportFrom):
            return self.spell(symbol, func)
        if name in self.names.taken and (module_of(statement), name) not in self.wanted:
            return self.spell(symbol, func)
        self.wanted.setdefault((module_of(statement), name), statement)
        return name

    def _ways(self, path: str, name: str) -> Iterator[tuple[str, str, str]]:
        """Module, name to import and code: the thing itself, or else the module it is in."""
        if not path.startswith("keras"):
            raise Refused(f"{path} is not imported")
        home = self.names.home or "tensorflow.keras"
        module = home + path.removeprefix("keras")
        yield module, name, name
        package, _, last = module.rpartition(".")
        if package:
            yield package, last, f"{last}.{name}"

    def _after(self, at: cst.CSTNode, name: str) -> cst.SimpleStatementLine | None:
        """The last import of Keras, or of anything, at the top level before a place."""
        start = self.program.span(at)[0]
        lines = [line for line in self._lines() if self.program.span(line)[0] < start]
        of_keras = [line for line in lines if any(self._is_of_keras(one) for one in line.body)]
        if of_keras:
            return of_keras[-1]
        if any(self._is_of_keras(node) for node in self.program.nodes()):
            raise Refused(f"Keras is imported only under a condition or in a function, and {name} would have to be too")
        return lines[-1] if lines else None

    def _lines(self) -> list[cst.SimpleStatementLine]:
        return [
            line
            for line in self.program.module.body
            if isinstance(line, cst.SimpleStatementLine)
            and any(isinstance(one, cst.Import | cst.ImportFrom) for one in line.body)
        ]

    def _is_of_keras(self, node: cst.CSTNode) -> bool:
        return any(
            family(one.dotted) is not None or one.dotted == "tensorflow"
            for one in self.names.bindings
            if one.statement is node
        ) or (isinstance(node, cst.ImportFrom) and not node.relative and family(module_of(node)) is not None)

    # ---- writing ---------------------------------------------------------------------------------------------------

    def edits(self, others: Sequence[TextEdit]) -> Iterator[TextEdit]:
        """The edits of imports; `others` are all the other edits of the program."""
        unused = list(self._left_unused(others))
        lines: dict[int, list[str]] = {}
        for (module, name), after in self.wanted.items():
            statement = after if isinstance(after, cst.ImportFrom) else self._statement_of(module, after)
            if statement is None:
                assert after is None or isinstance(after, cst.SimpleStatementLine)
                lines.setdefault(self._place_behind(after), []).append(f"from {module} import {name}")
                continue
            given = [one for one in unused if one[0] is statement]
            if given:
                unused.remove(given[0])
                yield TextEdit(*self.program.span(given[0][1]), name)
            else:
                yield from sequences.with_more(self.program, _aliases(self.program, statement), [name])
        removals = list(self._removals(unused))
        for place, texts in lines.items():
            gone = next((one for one in removals if one.start <= place < one.end), None)
            if gone is not None:
                removals.remove(gone)
            yield self._inserted(place, sorted(texts), gone)
        yield from removals

    def _inserted(self, place: int, texts: Sequence[str], instead: TextEdit | None) -> TextEdit:
        """New lines at the start or the end of a line, or instead of lines that go."""
        newline = self.program.newline
        if instead is not None:
            return TextEdit(instead.start, instead.end, "".join(f"{one}{newline}" for one in texts))
        at_start = place == self.program.line_start(place)
        return TextEdit(place, place, "".join(f"{one}{newline}" if at_start else f"{newline}{one}" for one in texts))

    def _statement_of(self, module: str, after: cst.CSTNode | None) -> cst.ImportFrom | None:
        """An import from the same module that stands early enough."""
        limit = self.program.span(after)[1] if after is not None else -1
        found = (
            one
            for one in self._from_imports()
            if not one.relative
            and module_of(one) == module
            and self.program.span(one)[1] <= limit
            and self.names.scope(one) is None
        )
        return next(found, None)

    def _from_imports(self) -> Iterator[cst.ImportFrom]:
        """The imports of single names."""
        for one in self.program.nodes():
            if isinstance(one, cst.ImportFrom) and not isinstance(one.names, cst.ImportStar):
                yield one

    def _place_behind(self, line: cst.SimpleStatementLine | None) -> int:
        """The end of a line, or the start of one where the import comes first."""
        if line is not None:
            return self.program.line_end(self.program.span(line)[1])
        body = self.program.module.body
        first = body[0] if body else None
        if isinstance(first, cst.SimpleStatementLine) and _is_docstring(first):
            return self.program.line_end(self.program.span(first)[1])
        return self.program.line_start(self.program.span(first)[0]) if first is not None else 0

    # ---- what is not used any more ---------------------------------------------------------------------------------

    def _left_unused(self, others: Sequence[TextEdit]) -> Iterator[tuple[cst.ImportFrom, cst.ImportAlias]]:
        """Names of Keras whose every use the edits take away."""
        document = self.program.document
        if document.skipped or document.path.endswith("__init__.py"):
            return
        for one in self._from_imports():
            assert not isinstance(one.names, cst.ImportStar)
            for alias in one.names:
                if self._is_of_keras(one) and self._loses_its_uses(bound_name(alias), others):
                    yield one, alias

    def _loses_its_uses(self, name: str, others: Sequence[TextEdit]) -> bool:
        uses = [self.program.span(node) for node in self.names.uses if node.value == name]
        gone = [any(edit.start <= start and end <= edit.end for edit in others) for start, end in uses]
        again = any(re.search(rf"(?<![\w.]){re.escape(name)}\b", edit.text) for edit in others)
        return bool(uses) and all(gone) and not again

    def _removals(self, unused: Sequence[tuple[cst.ImportFrom, cst.ImportAlias]]) -> Iterator[TextEdit]:
        for statement in dict.fromkeys(one for one, _ in unused):
            assert not isinstance(statement.names, cst.ImportStar)
            gone = [alias for one, alias in unused if one is statement]
            line = self.program.parent(statement)
            if len(gone) < len(statement.names):
                indexes = {statement.names.index(alias) for alias in gone}
                yield from sequences.without(self.program, _aliases(self.program, statement), indexes)
            elif isinstance(line, cst.SimpleStatementLine) and self._can_go(line):
                yield TextEdit(*self.program.lines(*self.program.span(line)), "")

    def _can_go(self, line: cst.SimpleStatementLine) -> bool:
        """Whether nothing else stands on the line, and the program is no worse for it."""
        at_top = isinstance(self.program.parent(line), cst.Module)
        return at_top and len(line.body) == 1 and line.trailing_whitespace.comment is None


def _aliases(program: Program, statement: cst.ImportFrom) -> sequences.Bracketed:
    assert not isinstance(statement.names, cst.ImportStar)
    end = program.span(statement)[1]
    if statement.lpar is None:
        last = program.span(statement.names[-1])[1]
        return sequences.items_of(program, statement.names, program.span(statement.names[0])[0], last)
    opening = program.span(statement.lpar)[0] + 1
    return sequences.items_of(program, statement.names, opening, end - 1)


def _is_docstring(line: cst.SimpleStatementLine) -> bool:
    first = line.body[0]
    return isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString | cst.ConcatenatedString)
