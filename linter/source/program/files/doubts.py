"""Whether what a program reads from a file is what the file says before it runs.

A file that the program writes, hands to code that may write it, or reads with a parser that it has changed counts as
unknown; so does every file in a program that changes its working directory.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from mllint.source.data.file import DataFile
from mllint.source.program.files.mentions import may_be_written
from mllint.source.text.document import Document

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

_CHANGES_ALL: Final = re.compile(
    r"\bchdir\b|\bhydra\.main\b|\bfrom hydra import\b"
    r"|\badd_(?:implicit|path)_resolver\b|\badd_(?:multi_)?constructor\b|\byaml_(?:implicit_resolvers|constructors)\b"
)
"""What changes the working directory, or what YAML means: https://hydra.cc/docs/tutorials/basic/running_your_app/"""
_COMMAND: Final = re.compile(r"^[ \t]*[%!]?[ \t]*(?:cd|pushd|popd)\b", re.MULTILINE)
"""The same in a notebook."""
_STEPS: Final = re.compile(rf"^(?:\.\.?{re.escape(os.sep)})+")


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
        return may_be_written(documents, name)
    except SyntaxError:
        return True  # it may be newer syntax than this Python's own


def _names_in_commands(document: Document, name: str) -> bool:
    """Whether cells of a notebook name a file where no Python is: `%%writefile config.yaml`."""
    return sum(cell.source.count(name) for cell in document.cells) > document.text.count(name)
