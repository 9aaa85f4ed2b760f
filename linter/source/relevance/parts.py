"""A file as the parts that run by themselves: its functions, its classes, and the statements outside of functions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from mllint.source.relevance.syntax import (
    COMPOUND,
    DEFINITIONS,
    FUNCTIONS,
    WITH_BLOCKS,
    Definition,
    FunctionNode,
    blocks,
    heads,
    is_constant,
    last_name,
    targets,
    walk,
)
from mllint.source.text.document import Document

_WORD: Final = re.compile(r"\.?[^\W\d]\w*")
_SPACED: Final = re.compile(r"\.[\s\\]+(?=[^\W\d])")
"""What may stand between an object and its attribute."""


@dataclass(slots=True, eq=False)
class Part:
    """A function with all that is in it, the head of a class, or one statement without the statements in it."""

    tree: ast.stmt
    text: str
    """As it is written; that of a class or a compound statement is not needed."""
    owner: int | None
    """The place of the class in whose body it stands."""
    words: set[str]
    """Its names, and its attributes with a dot before them; those in strings and comments too."""
    local: set[str] = field(default_factory=set)
    """The names that a function binds for itself."""
    bound: set[str] = field(default_factory=set)
    """The names that it binds where others see them."""
    constant: bool = False
    """What it binds cannot change."""
    stored: set[str] = field(default_factory=set)
    """The attributes that it sets, of whatever object."""
    own: set[str] = field(default_factory=set)
    """Those that a method sets of its own instance."""
    imports: list[ast.Import | ast.ImportFrom] = field(default_factory=list)
    is_at_top: bool = False
    """It is a statement of the module that stands in no other."""
    receiver: str | None = None
    """What a method calls its own instance."""
    rebinds: bool = False
    """It calls something else so, at some time."""
    reassigns: bool = False
    """It sets the attribute `activation` of something that is not its own instance."""
    _nodes: list[ast.AST] = field(default_factory=list)

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

    @property
    def is_classmethod(self) -> bool:
        return self.function is not None and self._is_decorated_with("classmethod")

    @property
    def is_static(self) -> bool:
        return self.function is not None and self._is_decorated_with("staticmethod")

    def _is_decorated_with(self, name: str) -> bool:
        assert self.function is not None
        return any(last_name(one) == name for one in self.function.decorator_list)

    def nodes(self) -> list[ast.AST]:
        """Its nodes, each before those below it, but for decorators, annotations of results, and the statements in a
        compound statement."""
        if not self._nodes:
            self._nodes = walk(_roots(self.tree))
        return self._nodes


def _roots(tree: ast.stmt) -> Sequence[ast.AST]:
    if isinstance(tree, FUNCTIONS):
        return (tree.args, *tree.body)
    if isinstance(tree, ast.ClassDef):
        return (*tree.bases, *tree.keywords)
    return heads(tree) if isinstance(tree, COMPOUND) else (tree,)


def parts_of(document: Document) -> list[Part]:
    """The parts of a file in their order, classes before what is in them. Raises SyntaxError."""
    collector = _Collector(document)
    collector.block(document.syntax.body, None)
    top = set(document.syntax.body)
    for part in collector.parts:
        part.is_at_top = part.tree in top
    return collector.parts


class _Collector:
    def __init__(self, document: Document) -> None:
        self.parts: list[Part] = []
        self._lines = document.lines

    def block(self, statements: Sequence[ast.stmt], owner: int | None) -> None:
        for one in statements:
            if isinstance(one, FUNCTIONS):
                self.parts.append(self._function(one, owner))
            elif isinstance(one, ast.ClassDef):
                head = [*one.bases, *(keyword.value for keyword in one.keywords), *_decorators(one)]
                self.parts.append(Part(one, "", owner, _words_of(head), bound={one.name}))
                self.block(one.body, len(self.parts) - 1)
            elif not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)):
                self.parts.append(self._statement(one, owner))
                for block in blocks(one):
                    self.block(block, owner)

    def _function(self, one: FunctionNode, owner: int | None) -> Part:
        text = self._code(one)
        part = Part(one, text, owner, _words_in(text) | _words_of(_decorators(one)), bound={one.name})
        if owner is not None and one.args.args and not (part.is_classmethod or part.is_static):
            part.receiver = one.args.args[0].arg
        _read_function(one, part)
        return part

    def _statement(self, one: ast.stmt, owner: int | None) -> Part:
        if isinstance(one, ast.Import | ast.ImportFrom):
            bound = {alias.asname or alias.name.partition(".")[0] for alias in one.names}
            return Part(one, "", owner, set(), bound=bound, imports=[one])
        text = "" if isinstance(one, COMPOUND) else self._between(one.lineno, one.end_lineno)
        part = Part(one, text, owner, _words_in(text) if text else _words_of(heads(one)))
        part.constant = isinstance(one, ast.Assign | ast.AnnAssign) and is_constant(one.value)
        inside: set[ast.AST] = set()
        """The names that belong to a comprehension."""
        for inner in part.nodes():
            if isinstance(inner, ast.comprehension):
                inside.update(ast.walk(inner.target))
            elif isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load) and inner not in inside:
                part.bound.add(inner.id)
            elif isinstance(inner, ast.Attribute) and not isinstance(inner.ctx, ast.Load):
                part.stored.add(inner.attr)
        return part

    def _code(self, one: FunctionNode) -> str:
        """The text of a function, without what it says of itself."""
        first, second = (*one.body, None)[:2]
        if second is not None and isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            assert first.end_lineno is not None
            if one.lineno < first.lineno and first.end_lineno < second.lineno:
                before = self._between(one.lineno, first.lineno - 1)
                return f"{before}\n{self._between(first.end_lineno + 1, one.end_lineno)}"
        return self._between(one.lineno, one.end_lineno)

    def _between(self, first: int, last: int | None) -> str:
        return "\n".join(self._lines[first - 1 : last])


def _words_in(text: str) -> set[str]:
    found = set(_WORD.findall(text))
    if _SPACED.search(text) is not None:
        found.update(_WORD.findall(_SPACED.sub(".", text)))
    return found


def _decorators(one: Definition) -> list[ast.AST]:
    """What of the decorators is looked at: their names."""
    return [made.func if isinstance(made, ast.Call) else made for made in one.decorator_list]


def _words_of(trees: Iterable[ast.AST]) -> set[str]:
    words: set[str] = set()
    for tree in trees:
        for one in walk((tree,)):
            if isinstance(one, ast.Name):
                words.add(one.id)
            elif isinstance(one, ast.Attribute):
                words.add(f".{one.attr}")
    return words


# ---- what a function writes ------------------------------------------------------------------------------------------


def _read_function(function: FunctionNode, part: Part) -> None:
    parameters = function.args
    rest = [one for one in (parameters.vararg, parameters.kwarg) if one is not None]
    part.local |= {one.arg for one in (*parameters.posonlyargs, *parameters.args, *parameters.kwonlyargs, *rest)}
    shared: set[str] = set()
    waiting: list[tuple[ast.stmt, bool]] = [(one, False) for one in function.body]
    while waiting:
        one, is_inner = waiting.pop()
        if type(one) in _WRITES_NOTHING:
            continue
        for target in targets(one):
            _write(target, part, is_inner)
        if isinstance(one, ast.Global):
            shared.update(one.names)
        elif isinstance(one, ast.Import | ast.ImportFrom):
            part.imports.append(one)
            if not is_inner:
                part.local |= {alias.asname or alias.name.partition(".")[0] for alias in one.names}
        elif isinstance(one, WITH_BLOCKS):
            is_definition = isinstance(one, DEFINITIONS)
            if isinstance(one, DEFINITIONS) and not is_inner:
                part.local.add(one.name)
            for block in blocks(one):
                waiting += [(inner, is_inner or is_definition) for inner in block]
    part.local -= shared
    part.bound |= shared


_WRITES_NOTHING: Final = frozenset({ast.Expr, ast.Return, ast.Raise, ast.Assert, ast.Pass, ast.Nonlocal})


def _write(target: ast.expr, part: Part, is_inner: bool) -> None:
    """`is_inner`: within a function or class in the function."""
    if isinstance(target, ast.Name):
        if not is_inner:
            part.local.add(target.id)
            part.rebinds |= target.id == part.receiver
    elif isinstance(target, ast.Attribute):
        part.stored.add(target.attr)
        if isinstance(target.value, ast.Name) and target.value.id == part.receiver and not is_inner:
            part.own.add(target.attr)
        elif target.attr == "activation":
            part.reassigns = True
    elif isinstance(target, ast.Tuple | ast.List):
        for one in target.elts:
            _write(one, part, is_inner)
    elif isinstance(target, ast.Starred):
        _write(target.value, part, is_inner)
