"""A file as the parts that run by themselves: its functions, its classes, and the statements outside of both."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from mllint.source.text.document import Document

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Definition: TypeAlias = FunctionNode | ast.ClassDef

FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS: Final = (*FUNCTIONS, ast.ClassDef)

_WORD: Final = re.compile(r"\.?[^\W\d]\w*")
_SPACED: Final = re.compile(r"\.[\s\\]+(?=[^\W\d])")
"""What may stand between an object and its attribute."""
_WRITTEN_IN_PASSING: Final = re.compile(r"(\w+)\s*:=")
_LOOP_ATTRIBUTE: Final = re.compile(r"\bfor\s+[(\[*]*(?:[\w.]+\s*,\s*[(\[*]*)*\w+\.(\w+)")
"""`x` of `for self.x in …`, which a comprehension may have too."""


@dataclass(slots=True, eq=False)
class Part:
    """A function with all that is in it, the head of a class, or a statement of a module or class with all that is
    in it. A definition in a statement, as below an `if`, is a part of its own besides."""

    tree: ast.stmt
    text: str
    """As it is written, but for the docstring of a function."""
    words: set[str]
    """Its names, and its attributes with a dot before them; those in strings and comments too."""
    owner: int | None
    """The place of the class in whose body it stands."""
    bound: set[str] = field(default_factory=set)
    """The names that it binds where other parts see them, but for imports."""
    constants: set[str] = field(default_factory=set)
    """Of the names that a statement binds, those of what cannot change."""
    stored: set[str] = field(default_factory=set)
    """The attributes that it sets, of whatever object."""
    imports: list[ast.Import | ast.ImportFrom] = field(default_factory=list)

    @property
    def function(self) -> FunctionNode | None:
        return self.tree if isinstance(self.tree, FUNCTIONS) else None

    @property
    def is_class(self) -> bool:
        return isinstance(self.tree, ast.ClassDef)

    @property
    def name(self) -> str:
        """The name of a definition; nothing for a statement."""
        return self.tree.name if isinstance(self.tree, DEFINITIONS) else ""


def parts_of(document: Document) -> list[Part]:
    """The parts of a file in their order, classes before what is in them. Raises SyntaxError."""
    parts: list[Part] = []
    _collect(document.syntax.body, None, document.lines, parts)
    return parts


def walk(root: ast.AST) -> list[ast.AST]:
    """As ast.walk(), in half the time; each node before those below it."""
    found = [root]
    for node in found:
        for name in node._fields:
            value = getattr(node, name, None)
            if type(value) is list:
                found += [one for one in value if isinstance(one, ast.AST)]
            elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
                found.append(value)
    return found


def names_in(trees: Iterable[ast.AST]) -> set[str]:
    """The names in expressions, and their attributes with a dot before them."""
    nodes = [node for tree in trees for node in walk(tree)]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {f".{node.attr}" for node in nodes if isinstance(node, ast.Attribute)}


def last_name(node: ast.AST) -> str | None:
    """`c` of `a.b.c`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


# ---- text ------------------------------------------------------------------------------------------------------------


def _collect(statements: Sequence[ast.stmt], owner: int | None, lines: Sequence[str], parts: list[Part]) -> None:
    for one in statements:
        if isinstance(one, FUNCTIONS):
            parts.append(_function(one, owner, lines))
        elif isinstance(one, ast.ClassDef):
            text = _between(lines, _start(one), max(_start(one.body[0]) - 1, one.lineno))
            parts.append(Part(one, text, set(_words_in(text)), owner, {one.name}))
            _collect(one.body, len(parts) - 1, lines, parts)
        elif not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)):
            text = _between(lines, one.lineno, one.end_lineno)
            part = Part(one, text, set(_words_in(text)), owner)
            part.bound |= _read((one,), part)
            part.bound.update(_WRITTEN_IN_PASSING.findall(text) if ":=" in text else ())
            parts.append(part)
            for block in _blocks(one):
                _collect([inner for inner in block if _holds_definitions(inner)], owner, lines, parts)


def _function(one: FunctionNode, owner: int | None, lines: Sequence[str]) -> Part:
    first = one.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and first.lineno > one.lineno:
        text = _between(lines, one.lineno, first.lineno - 1) + "\n" + _between(lines, first.end_lineno, one.end_lineno)
    else:
        text = _between(lines, one.lineno, one.end_lineno)
    words = _words_in(text)
    part = Part(one, text, set(words), owner, {one.name})
    if words.count(one.name) == 1:
        part.words.discard(one.name)  # where it is defined
    if one.decorator_list:
        part.words |= names_in(one.decorator_list)
    _read(one.body, part)
    return part


def _words_in(text: str) -> list[str]:
    found = _WORD.findall(text)
    return found if _SPACED.search(text) is None else found + _WORD.findall(_SPACED.sub(".", text))


def _start(one: ast.stmt) -> int:
    decorators = one.decorator_list if isinstance(one, DEFINITIONS) else ()
    return decorators[0].lineno if decorators else one.lineno


def _between(lines: Sequence[str], first: int | None, last: int | None) -> str:
    return "\n".join(lines[(first or 1) - 1 : last])


def _holds_definitions(one: ast.stmt) -> bool:
    return isinstance(one, DEFINITIONS) or any(
        map(_holds_definitions, (two for block in _blocks(one) for two in block))
    )


# ---- what is written -------------------------------------------------------------------------------------------------


def _read(statements: Iterable[ast.stmt], part: Part) -> set[str]:
    """Read what statements store and import; the names that they bind otherwise."""
    bound: set[str] = set()
    part.stored.update(_LOOP_ATTRIBUTE.findall(part.text) if "for " in part.text else ())
    waiting = list(statements)
    while waiting:
        one = waiting.pop()
        if type(one) in _WRITES_NOTHING:
            continue
        if isinstance(one, ast.Assign | ast.Delete):
            names = part.constants if isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant) else bound
            for target in one.targets:
                _write(target, part.stored, names)
            continue
        if isinstance(one, ast.AugAssign | ast.AnnAssign | ast.For | ast.AsyncFor):
            _write(one.target, part.stored, bound)
        elif isinstance(one, ast.With | ast.AsyncWith):
            for item in one.items:
                _write(item.optional_vars, part.stored, bound)
        elif isinstance(one, ast.Global):
            part.bound.update(one.names)
        elif isinstance(one, ast.Import | ast.ImportFrom):
            part.imports.append(one)
        elif isinstance(one, ast.Match):
            patterns = [node for case in one.cases for node in walk(case.pattern)]
            captured = {getattr(node, key, None) for node in patterns for key in ("name", "rest")}
            bound.update(name for name in captured if name is not None)
        if type(one) not in _SIMPLE:
            for block in _blocks(one):
                waiting += block
    return bound


_WRITES_NOTHING: Final = frozenset({ast.Expr, ast.Return, ast.Raise, ast.Assert, ast.Pass, ast.Nonlocal})
_SIMPLE: Final = frozenset({ast.AugAssign, ast.AnnAssign, ast.Global, ast.Import, ast.ImportFrom})


def _blocks(one: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(one, name, None)
        if type(block) is list:
            yield block
    for part in (*getattr(one, "handlers", ()), *getattr(one, "cases", ())):
        yield part.body


def _write(target: ast.expr | None, stored: set[str], bound: set[str]) -> None:
    if isinstance(target, ast.Name):
        bound.add(target.id)
    elif isinstance(target, ast.Attribute):
        stored.add(target.attr)
    elif isinstance(target, ast.Tuple | ast.List):
        for one in target.elts:
            _write(one, stored, bound)
    elif isinstance(target, ast.Starred):
        _write(target.value, stored, bound)
