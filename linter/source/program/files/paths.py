"""Paths as os.path and pathlib put them together, where every part is known.

`__file__` is absolute; what is relative stays so, for nobody knows the directory in which the program is run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import libcst as cst

from mllint.source.program.conditions import simplify
from mllint.source.program.files.values import FilePath, Handler, path_of
from mllint.source.program.python_library.builtin_functions import FUNCTIONS as FUNCTIONS_OF_PYTHON
from mllint.source.program.values import Arguments, Constant, Items, Missing, Value

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

UNKNOWN: Final = "a path that is not known"
HERE: Final = "."


# ---- os.path ---------------------------------------------------------------------------------------------------------


def _function(name: str, compute: Callable[..., str | None]) -> Handler:
    """A function of os.path, of which every argument is a part of a path."""

    def handle(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value | None:
        if arguments.keywords or not arguments.positional or not arguments.complete:
            return None

        def computed(parts: Sequence[str]) -> Value | None:
            path = compute(*parts)
            return Constant(node, path) if path is not None else None

        return _of_parts(run, arguments.positional, computed)

    return handle


def _of_parts(run: Interpreter, values: Sequence[Value], use: Callable[[Sequence[str]], Value | None]) -> Value | None:
    """What is made of the parts of a path; None where one is not known, or depends on a condition: it is a directory of
    data then, and what is read from there is not known anyway."""
    parts = [part for value in values if (part := path_of(simplify(value, run.world))) is not None]
    return use(parts) if len(parts) == len(values) else None


def parent(path: str) -> str | None:
    """The directory that holds a path; None for what lies above the directory in which the program is run."""
    path = os.path.normpath(path)
    return None if os.path.basename(path) in (os.curdir, os.pardir) else os.path.dirname(path) or HERE


def _working_directory(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    return Constant(node, HERE)


# ---- pathlib ---------------------------------------------------------------------------------------------------------


def _path(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value | None:
    if arguments.keywords or not arguments.complete:
        return None
    return _path_of_parts(run, arguments.positional or (Constant(node, HERE),), node)


def _path_of_parts(run: Interpreter, parts: Sequence[Value], node: cst.CSTNode) -> Value | None:
    return _of_parts(run, parts, lambda known: FilePath(node, UNKNOWN, os.path.join(*known)))


def _text(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    """str(path), of a path or of anything else."""
    given = arguments.positional[0] if arguments.positional else None
    if isinstance(given, FilePath):
        return Constant(node, given.path)
    return FUNCTIONS_OF_PYTHON["builtins.str"](run, arguments, node)


def _current(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    return FilePath(node, UNKNOWN, HERE)


def joined(run: Interpreter, left: Value, right: Value, node: cst.CSTNode) -> Value | None:
    """`left / right`; None where neither is a path, and where one is not known."""
    is_path = isinstance(left, FilePath) or isinstance(right, FilePath)
    return _path_of_parts(run, (left, right), node) if is_path else None


def attribute(receiver: FilePath, name: str, node: cst.CSTNode) -> Value | None:
    """`path.parent` and the like; None for what is none of a path's own."""
    if name == "parent":
        return _directory(receiver.path, node)
    if name == "parents":
        found: list[FilePath] = []
        path = parent(receiver.path)
        while path is not None and (not found or path != found[-1].path):
            found.append(FilePath(node, UNKNOWN, path))
            path = parent(path)
        return Items(node, tuple(found))
    if name == "name":
        return Constant(node, os.path.basename(receiver.path))
    return None


def _directory(path: str, node: cst.CSTNode) -> Value:
    above = parent(path)
    return FilePath(node, UNKNOWN, above) if above is not None else Missing(node, UNKNOWN)


def call_method(run: Interpreter, receiver: FilePath, name: str, arguments: Arguments, node: cst.Call) -> Value | None:
    """A method that gives another path; None for any other."""
    if name in ("resolve", "absolute"):
        return FilePath(node, UNKNOWN, os.path.normpath(receiver.path))
    if name == "joinpath" and arguments.complete:
        return _path_of_parts(run, (receiver, *arguments.positional), node)
    if name in ("as_posix", "__str__", "__fspath__"):
        return Constant(node, receiver.path)
    return None


FUNCTIONS: Final[dict[str, Handler]] = {
    "os.path.join": _function("os.path.join", os.path.join),
    "os.path.dirname": _function("os.path.dirname", parent),
    "os.path.abspath": _function("os.path.abspath", os.path.normpath),
    "os.path.realpath": _function("os.path.realpath", os.path.normpath),
    "os.path.normpath": _function("os.path.normpath", os.path.normpath),
    "os.fspath": _function("os.fspath", os.fspath),
    "os.getcwd": _working_directory,
    "builtins.str": _text,
    "pathlib.Path": _path,
    "pathlib.Path.cwd": _current,
}
