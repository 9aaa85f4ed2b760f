"""What the user says the task is, where no label is in sight.

# mllint: task=multi-label          on or above the statement that compiles the model or calls its loss,
                                    or at the top of the file for all of them
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from mllint.facts import Encoding

TASK = re.compile(r"#\s*mllint:\s*task\s*=\s*(?P<task>[\w-]+)")

_BY_TASK: dict[str, Encoding] = {"multi-label": "multi-hot", "binary": "binary", "regression": "continuous"}
_BY_FAMILY: dict[str, Encoding] = {"categorical": "one-hot", "sparse": "integer"}
MULTI_CLASS = "multi-class"
TASKS = (*_BY_TASK, MULTI_CLASS)


def stated_encoding(module: cst.Module, statement: cst.CSTNode | None, family: str | None) -> Encoding | None:
    """The label encoding that a comment states; for multi-class it is the one that the loss family wants."""
    for comment in (*_on(statement), *_comments(module.header)):
        found = TASK.search(comment)
        if found is not None and found["task"] == MULTI_CLASS:
            return _BY_FAMILY.get(family or "")
        if found is not None and found["task"] in _BY_TASK:
            return _BY_TASK[found["task"]]
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
