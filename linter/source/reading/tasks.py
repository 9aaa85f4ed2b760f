"""What the user says the task is, where no label is in sight.

# mllint: task=multi-label          on or above the statement that compiles the model or calls its loss,
                                    or at the top of the file for all of them
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from mllint.facts import Encoding, Task

TASK = re.compile(r"#\s*mllint:\s*task\s*=\s*(?P<task>[\w-]+)")

_BY_TASK: dict[str, Encoding] = {"multi-label": "multi-hot", "binary": "binary", "regression": "continuous"}
_BY_FAMILY: dict[str, Encoding] = {"categorical": "one-hot", "sparse": "integer"}
MULTI_CLASS = "multi-class"


def stated_encoding(
    module: cst.Module, statement: cst.CSTNode | None, family: str | None, configured: Task | None
) -> Encoding | None:
    """The label encoding that a comment, or else the configuration, states; for multi-class it is the one that the loss
    family wants."""
    comments = (TASK.search(comment) for comment in (*_on(statement), *_comments(module.header)))
    for task in (*(found["task"] for found in comments if found is not None), configured):
        if task == MULTI_CLASS:
            return _BY_FAMILY.get(family or "")
        if task in _BY_TASK:
            return _BY_TASK[task]
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
