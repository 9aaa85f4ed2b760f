"""What the user says the task is, where no label is in sight.

# mllint: task=multi-label          on or above the statement that compiles the model or calls its loss,
                                    or at the top of the file for all of them
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import cast, get_args

import libcst as cst

from mllint.facts import Encoding, Loss, Task
from mllint.reading.labels import encoding_for

TASK = re.compile(r"#\s*mllint:\s*task\s*=\s*(?P<task>[\w-]+)")


def stated_encoding(
    modules: Sequence[cst.Module], statement: cst.CSTNode | None, loss: Loss, configured: Task | None
) -> Encoding | None:
    """The label encoding that a comment, or else the configuration, states; the first of the modules that says it."""
    lines = (*_on(statement), *(comment for module in modules for comment in _comments(module.header)))
    comments = (TASK.search(comment) for comment in lines)
    for task in (*(found["task"] for found in comments if found is not None), configured):
        if task in get_args(Task):
            return encoding_for(cast(Task, task), loss)
    return None


def _on(statement: cst.CSTNode | None) -> Iterator[str]:
    if not isinstance(statement, cst.SimpleStatementLine):
        return
    if statement.trailing_whitespace.comment is not None:
        yield statement.trailing_whitespace.comment.value
    yield from _comments(statement.leading_lines)


def _comments(lines: Sequence[cst.EmptyLine]) -> Iterator[str]:
    for line in lines:
        if line.comment is not None:
            yield line.comment.value
