"""Calls that are given the name of a file, and may write it.

The interpreter does not come to every call: all of the text is looked at, and what a name stands for is any string that
is assigned to it.
"""

from __future__ import annotations

import ast
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mllint.source.program.files.opening import WRITING, WRITING_METHODS
from mllint.source.text.document import Document

_PATHS: Final = frozenset({"Path", "PurePath", "abspath", "fspath", "join", "joinpath", "normpath", "realpath", "str"})
_READERS: Final = _PATHS | {
    "load", "loads", "safe_load", "full_load", "exists", "isfile", "is_file", "basename", "dirname", "getsize",
    "print", "debug", "info", "warning", "error", "critical", "exception", "exit", "add_argument", "log_artifact",
}  # fmt: skip
"""Functions that leave a file alone whose name they are given."""
_COPIES: Final = frozenset({"copy", "copy2", "copyfile"})
_RAISED: Final = ("Error", "Exception", "Warning")
_DEFINITIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def may_be_written(documents: Sequence[Document], name: str) -> bool:
    """Whether any of these files has a call that may write a file of this name. Raises SyntaxError."""
    nodes = [node for document in documents for node in ast.walk(document.syntax)]
    own = {node.name for node in nodes if isinstance(node, _DEFINITIONS)}
    names = _strings_by_name(nodes)
    calls = (node for node in nodes if isinstance(node, ast.Call) and _last_name(node) not in own)
    return any(
        os.path.basename(word) == name
        for call in calls
        for given in _handed_over(call)
        for text in _strings(given, names)
        for word in text.split()  # it may be a command
    )


def _strings_by_name(nodes: Sequence[ast.AST]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for node in nodes:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            texts = set(_strings(node.value, {}))
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                found[_name(target)] |= texts
    return found


def _handed_over(call: ast.Call) -> Iterator[ast.expr]:
    """The arguments of a call, and what its method belongs to, that it may write."""
    function = _last_name(call)
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    owner = [call.func.value] if isinstance(call.func, ast.Attribute) else []
    if function in WRITING_METHODS:
        yield from owner
    if function == "open":
        yield from (*owner, *given) if _has_writing_mode(given) else ()
    elif function in _COPIES:
        yield from given[1:]
    elif function not in _READERS and not function.endswith(_RAISED):
        yield from given


def _has_writing_mode(given: Sequence[ast.expr]) -> bool:
    texts = (one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str))
    return any(len(text) <= 3 and not WRITING.isdisjoint(text) for text in texts)


def _strings(node: ast.expr, names: Mapping[str, set[str]]) -> Iterator[str]:
    """The strings from which an argument is put together; what is read from a file is none of them."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    yield from names.get(_name(node), ())
    if isinstance(node, ast.Call):
        inner = [*node.args, *(keyword.value for keyword in node.keywords)] if _last_name(node) in _PATHS else []
    else:
        inner = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    for child in inner:
        yield from _strings(child, names)


def _last_name(call: ast.Call) -> str:
    return _name(call.func)


def _name(node: ast.expr) -> str:
    """The last part of a dotted name; "" for anything else."""
    name: str = getattr(node, "attr", "") or getattr(node, "id", "")
    return name
