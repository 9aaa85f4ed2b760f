"""A program read, changed in the words of the facts, and written again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mllint.facts import Output
from mllint.fixes.rewriting import edits_for
from mllint.fixes.text import applied
from mllint.lens import Reading
from mllint.repairs import Change
from mllint.source.lens import SourceLens
from mllint.source.text.document import read_document


def rewritten(program: str, changes: Callable[[Reading], Sequence[Change]], path: str = "program.py") -> str:
    """The text after the changes that are made of what the lens reads. Raises Refused."""
    lens = SourceLens(read_document(path, program.encode()))
    after = applied(program, edits_for(changes(lens.read()), lens))
    compile(after, path, "exec")
    return after


def only_output(reading: Reading) -> Output:
    (setup,) = reading.setups
    (output,) = setup.outputs
    return output
