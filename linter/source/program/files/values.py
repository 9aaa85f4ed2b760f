"""Paths, open files and their contents: unknown to everything but what reads JSON and YAML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import TYPE_CHECKING, Final, TypeAlias

from mllint.source.program.values import Arguments, Constant, Missing, Value, immutable, new_reference

if TYPE_CHECKING:
    import libcst as cst

    from mllint.source.program.interpreter import Interpreter

Handler: TypeAlias = "Callable[[Interpreter, Arguments, cst.Call], Value | None]"
"""What a function of a library does with files; None where it has nothing to say of this call."""

NOT_KNOWN: Final = "what is in a file is not known"


@immutable
class FilePath(Missing):
    """A pathlib.Path. A relative one is from the directory in which the program is run."""

    path: str


@immutable
class OpenFile(Missing):
    """A file that is open for reading, from its beginning on unless the store says that it was read."""

    path: str
    reference: int = field(default_factory=new_reference, kw_only=True)


@immutable
class Content(Missing):
    """All that is in a file, as text or bytes."""

    path: str


def path_of(value: Value | None) -> str | None:
    """What a string or a path says; None for anything else."""
    if isinstance(value, FilePath):
        return value.path
    return value.value if isinstance(value, Constant) and isinstance(value.value, str) else None
