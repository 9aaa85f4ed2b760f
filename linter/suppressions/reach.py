"""Which comments only their own file can need.

What a module defines may take part in the models of a file that imports it, with other arguments, losses or labels than
here: whether a comment there silences something, the module alone does not tell.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mllint.repairs import Applicability

if TYPE_CHECKING:
    from mllint.source.text.document import Document
    from mllint.suppressions.comments import Statement

_TRAINS: Final = frozenset({"compile", "fit", "fit_generator", "train_on_batch", "evaluate"})
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def may_be_imported(document: Document) -> bool:
    """Whether an import statement can name the file."""
    path = Path(document.path)
    return path.suffix == ".py" and path.stem.isidentifier() and path.stem != "__main__" and not document.is_notebook


def removal(document: Document, statement: Statement) -> Applicability | None:
    """How safely a comment on a statement of a module, which silences nothing here, can go. None where another file
    may need it: what a module defines is judged with the files that import it."""
    around = _around(document, statement)
    if any(map(_is_main_guard, around[:-1])):
        return "safe"
    if not around or not _trains(around[-1]):
        return None
    scopes = [node for node in around if isinstance(node, (*_FUNCTIONS, ast.ClassDef))]
    if not scopes:
        return "safe"
    return "unsafe" if not any(map(_depends_on_callers, scopes)) else None


def _around(document: Document, statement: Statement) -> Sequence[ast.stmt]:
    """The statements that hold one, outermost first, with itself; empty where Python cannot parse the file."""
    try:
        body: Sequence[ast.stmt] = document.syntax.body
    except SyntaxError:
        return ()
    found: list[ast.stmt] = []
    while holder := next((one for one in body if _first_line(one) <= statement.first <= (one.end_lineno or 0)), None):
        found.append(holder)
        body = list(_inside(holder))
    return found


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(one.lineno for one in decorators)])


def _inside(statement: ast.AST) -> Iterator[ast.stmt]:
    """The statements right below one, those of handlers and cases too."""
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, (ast.ExceptHandler, ast.match_case)):
            yield from _inside(child)


def _is_main_guard(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and ast.unparse(statement.test) in (
        "__name__ == '__main__'",
        "'__main__' == __name__",
    )


def _trains(statement: ast.stmt) -> bool:
    """Whether it configures or runs a training: `model.compile(…)`, `history = model.fit(…)`."""
    match statement:
        case ast.Expr(value=value) | ast.Assign(value=value) | ast.Return(value=value):
            return isinstance(value, ast.Call) and getattr(value.func, "attr", None) in _TRAINS
    return False


def _depends_on_callers(scope: ast.AST) -> bool:
    """Whether what happens in a function is for others to say: it takes arguments, or belongs to objects."""
    arguments = getattr(scope, "args", None)
    return not isinstance(arguments, ast.arguments) or any(ast.iter_child_nodes(arguments))
