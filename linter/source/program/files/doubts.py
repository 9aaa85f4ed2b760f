"""Whether what a program reads from a file is what the file says before it runs.

A file that the program writes, hands to code that may write it, or reads with a parser that it has changed counts as
unknown; so does every file in a program that changes its working directory.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from mllint.source.data.file import DataFile
from mllint.source.program.files.opening import WRITING
from mllint.source.text.document import Document

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

_CHANGES_ALL: Final = re.compile(
    r"\bchdir\b|\bhydra\.main\b|\badd_(?:implicit|path)_resolver\b|\badd_(?:multi_)?constructor\b"
)
"""What changes the working directory, or what YAML means: https://hydra.cc/docs/tutorials/basic/running_your_app/"""
_COMMAND: Final = re.compile(r"^[ \t]*[%!]?[ \t]*(?:cd|pushd|popd)\b", re.MULTILINE)
"""The same in a notebook."""
_STEPS: Final = re.compile(rf"^(?:\.\.?{re.escape(os.sep)})+")
_PATHS: Final = frozenset({"Path", "PurePath", "abspath", "fspath", "join", "joinpath", "normpath", "realpath", "str"})
_READERS: Final = _PATHS | {
    "open", "load", "loads", "safe_load", "full_load", "exists", "isfile", "is_file", "basename", "dirname", "getsize",
    "print", "debug", "info", "warning", "error", "critical", "exception", "exit", "add_argument", "log_artifact",
}  # fmt: skip
"""Functions that leave a file alone whose name they are given; what `open` does is followed."""
_COPIES: Final = frozenset({"copy", "copy2", "copyfile"})
_RAISED: Final = ("Error", "Exception", "Warning")
_DEFINITIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def doubtful(run: Interpreter) -> frozenset[str]:
    """The paths of the files that were read and may hold something else when the program reads them."""
    files = list(run.data.files())
    if not files:
        return frozenset()
    documents = [file.document for file in run.units.files()]
    if any(map(_changes_all, documents)):
        return frozenset(file.path for file in files)
    return frozenset(file.path for file in files if _may_be_written(run, file, documents))


def _changes_all(document: Document) -> bool:
    if _CHANGES_ALL.search(document.text) is not None:
        return True
    return any(_COMMAND.search(cell.source) is not None for cell in document.cells)


def _may_be_written(run: Interpreter, file: DataFile, documents: Sequence[Document]) -> bool:
    place, name = os.path.abspath(file.path), os.path.basename(file.path)
    if any(place.endswith(os.path.join(os.sep, _STEPS.sub("", path))) for path in run.data.written):
        return True
    if run.data.writes_unknown and sum(document.text.count(name) for document in documents) > 1:
        return True
    if any(_names_in_commands(document, name) for document in documents):
        return True
    try:
        nodes = [node for document in documents for node in ast.walk(document.syntax)]
    except SyntaxError:
        return True  # it may be newer syntax than this Python's own
    own = {node.name for node in nodes if isinstance(node, _DEFINITIONS)}
    return any(isinstance(node, ast.Call) and _hands_over(node, name, own) for node in nodes)


def _names_in_commands(document: Document, name: str) -> bool:
    """Whether cells of a notebook name a file where no Python is: `%%writefile config.yaml`."""
    return sum(cell.source.count(name) for cell in document.cells) > document.text.count(name)


# ---------------------------------------------------------------- calls


def _hands_over(call: ast.Call, name: str, own: set[str]) -> bool:
    """Whether a function that may write the file is given its name."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    function = _name(call)
    if function in own or function.endswith(_RAISED):
        return False
    if function in _COPIES:
        given = given[1:]
    elif function in _READERS and not (function == "open" and _may_write(call)):
        return False
    return any(_is_named(text, name) for one in given for text in _strings(one))


def _name(call: ast.Call) -> str:
    """The last part of the function's name; "" where it has none."""
    name: str = getattr(call.func, "attr", "") or getattr(call.func, "id", "")
    return name


def _may_write(call: ast.Call) -> bool:
    """Whether `open` is given a mode that writes: the interpreter does not come to every call."""
    modes = [*call.args[1:2], *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
    return any(not isinstance(mode, ast.Constant) or not WRITING.isdisjoint(str(mode.value)) for mode in modes)


def _is_named(text: str, name: str) -> bool:
    """Whether a path, or a command, names the file."""
    return any(os.path.basename(word) == name for word in text.split())


def _strings(node: ast.expr) -> Iterator[str]:
    """The strings from which an argument is put together; what is read from a file is none of them."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.Call) and _name(node) not in _PATHS:
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr | ast.keyword):
            yield from _strings(child.value if isinstance(child, ast.keyword) else child)
