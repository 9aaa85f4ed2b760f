"""Changed files in a run of the command: written, and said.

Standard input is no file: what would be written goes to stdout, and the findings to stderr.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from mllint.cli.talk import counted

if TYPE_CHECKING:
    from mllint.cli.request import Text
    from mllint.results import FixReport


def written(change: FixReport) -> FixReport:
    """The change once its file is written; where that goes wrong nothing was applied, and the report says why."""
    from mllint.engine import failed
    from mllint.fixes.files import write
    from mllint.results import FixReport

    failure = write(change.rewrite) if change.rewrite else None
    if failure is None:
        return change
    return FixReport(failed(failure))


def print_text(text: Text, change: FixReport) -> None:
    """The text as it is now, byte for byte."""
    sys.stdout.buffer.write(change.rewrite.after if change.rewrite else text.source)
    sys.stdout.buffer.flush()


def listed(changes: Iterable[FixReport], did: str) -> Iterator[str]:
    """A line for each repair that was carried out."""
    from mllint.reports.concise import where

    for change in changes:
        for one in change.applied:
            yield f"{where(one.location)}: {did} {one.code} {one.rule}: {one.title}"


def refusals(changes: Iterable[FixReport], did: str) -> Iterator[str]:
    """A line for each repair that was asked for and is not carried out."""
    from mllint.reports.concise import where

    for change in changes:
        for one in change.refused:
            yield f"{where(one.location)}: not {did} {one.code} {one.rule}: {one.title}: {one.reason}"


def account(did: str, changes: Sequence[FixReport], details: Iterable[str] = ()) -> str:
    """Fixed 3 problems in 2 files (1 more with --unsafe-fixes)."""
    number = sum(len(change.applied) for change in changes)
    files = sum(change.rewrite is not None for change in changes)
    counts = f"{counted(number, 'problem')} in {counted(files, 'file')}" if number else "nothing"
    more = ", ".join(details)
    return f"{did} {counts} ({more})" if more else f"{did} {counts}"
