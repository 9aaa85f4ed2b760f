"""Files that are opened, and read whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import libcst as cst

from mllint.source.program.files import paths
from mllint.source.program.files.values import NOT_KNOWN, Content, FilePath, Handler, OpenFile, path_of
from mllint.source.program.values import Arguments, Constant, Missing, Value

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

_READ: Final = "<read>"
_UTF_8: Final = ("utf-8", "utf8")
WRITING: Final = frozenset("wax+")
"""Letters of a mode in which a file may be written."""


def _open(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    mode, encoding = arguments.get("mode", 1), arguments.get("encoding", 3)
    if not arguments.complete:
        return Missing(node, NOT_KNOWN)
    given = arguments.get("file", 0) or Missing(node, paths.UNKNOWN)
    return run.each(given, lambda path: _opened(run, path_of(path), mode, encoding, node))


def _opened(run: Interpreter, path: str | None, mode: Value | None, encoding: Value | None, node: cst.Call) -> Value:
    if not _only_reads(mode):
        run.data.note_writing(path)
        return Missing(node, NOT_KNOWN)
    return OpenFile(node, NOT_KNOWN, path) if path is not None and _is_utf_8(encoding) else Missing(node, NOT_KNOWN)


def _only_reads(mode: Value | None) -> bool:
    if mode is None:
        return True
    return isinstance(mode, Constant) and isinstance(mode.value, str) and WRITING.isdisjoint(mode.value)


def _is_utf_8(encoding: Value | None) -> bool:
    if encoding is None:
        return True
    is_text = isinstance(encoding, Constant) and isinstance(encoding.value, str)
    return is_text and encoding.value.lower() in _UTF_8  # type: ignore[attr-defined]


def call_method(run: Interpreter, receiver: Value, name: str, arguments: Arguments, node: cst.Call) -> Value | None:
    """A method of a path or an open file; None for any other."""
    if isinstance(receiver, OpenFile):
        return _call_open_file(run, receiver, name, arguments, node)
    if isinstance(receiver, FilePath):
        return _call_path(run, receiver, name, arguments, node)
    return None


def _call_open_file(
    run: Interpreter, receiver: OpenFile, name: str, arguments: Arguments, node: cst.Call
) -> Value | None:
    if name == "close":
        return None
    path = content_of(run, receiver, node)
    is_whole = name == "read" and path is not None and not (arguments.positional or arguments.keywords)
    return Content(node, NOT_KNOWN, path) if is_whole and path is not None else None


def content_of(run: Interpreter, source: Value, reader: cst.Call) -> str | None:
    """The path of the file whose whole content something is, or still has to give; this call reads it now."""
    if isinstance(source, Content):
        return source.path
    if not isinstance(source, OpenFile):
        return None
    read = run.store.get((source.reference, _READ))
    if read is not None and read.node is not reader:  # an operand of `or` is evaluated twice
        return None
    run.store.set((source.reference, _READ), Constant(reader, True))
    return source.path


def _call_path(run: Interpreter, receiver: FilePath, name: str, arguments: Arguments, node: cst.Call) -> Value | None:
    if name == "open":
        return _opened(run, receiver.path, arguments.get("mode", 0), arguments.get("encoding", 2), node)
    if name in ("read_text", "read_bytes"):
        is_known = arguments.complete and _is_utf_8(arguments.get("encoding", 0))
        return Content(node, NOT_KNOWN, receiver.path) if is_known else None
    if name in WRITING_METHODS:
        run.data.note_writing(receiver.path)
    if name in _MOVING_METHODS:
        run.data.note_writing(path_of(arguments.get("target", 0)))
    return paths.call_method(run, receiver, name, arguments, node)


_MOVING_METHODS: Final = ("rename", "replace", "copy", "copy_into", "move", "move_into")
WRITING_METHODS: Final = (
    *("write_text", "write_bytes", "unlink", "touch", "symlink_to", "hardlink_to"),
    *_MOVING_METHODS,
)


def _writer(*places: int) -> Handler:
    """A function that writes the files whose paths it is given at these places."""

    def handle(run: Interpreter, arguments: Arguments, node: cst.Call) -> None:
        for place in places:
            run.data.note_writing(path_of(arguments.get("dst", place)))

    return handle


FUNCTIONS: Final[dict[str, Handler]] = {
    **{name: _open for name in ("builtins.open", "io.open")},
    **{f"shutil.{name}": _writer(1) for name in ("copy", "copy2", "copyfile")},
    **{name: _writer(0, 1) for name in ("shutil.move", "os.rename", "os.replace")},
    **{name: _writer(0) for name in ("os.remove", "os.unlink")},
}
