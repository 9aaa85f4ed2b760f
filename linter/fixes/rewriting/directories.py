"""Labels that a loader of files encodes as it is told, by label_mode or class_mode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import libcst as cst

from mllint.facts import Encoding
from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting.draft import Draft
from mllint.repairs import SetLabels
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import DataFunctionRow

_MODES: Mapping[str, Mapping[Encoding, str]] = {
    "label_mode": {"integer": "int", "one-hot": "categorical", "binary": "binary"},
    "class_mode": {"integer": "sparse", "one-hot": "categorical", "binary": "binary"},
}
"""Source: keras/src/utils/image_dataset_utils.py, keras/src/legacy/preprocessing/image.py."""


def loader_of(draft: Draft, node: cst.CSTNode) -> cst.Call | None:
    """The call that encodes the labels, at the call itself or at what it passes for the mode."""
    above = draft.program.parent(node)
    if isinstance(above, cst.Arg):
        node = draft.program.parent(above) or node
    return node if isinstance(node, cst.Call) and _row(node) is not None else None


def set_mode(draft: Draft, loader: cst.Call, change: SetLabels) -> None:
    """The loaders of every part of the data are told the same."""
    row = _row(loader)
    assert row is not None
    parameter = _parameter(row)
    mode = _MODES[parameter].get(change.encoding)
    if mode is None:
        raise Refused(f"{row.name.rpartition('.')[2]}() makes no {change.encoding} labels")
    today = _passed(draft, loader, parameter)
    for call in _alike(draft, loader):
        if _passed(draft, call, parameter) == today:
            draft.call(call, None).pass_value(parameter, mode)


def _row(call: cst.Call) -> DataFunctionRow | None:
    """By the last part of its name: what the method belongs to may be made anywhere."""
    name = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
    last = name.value if isinstance(name, cst.Name) else ""
    rows = (row for row in knowledge.data_functions() if row.name.rpartition(".")[2] == last)
    return next((row for row in rows if _MODES.keys() & set(row.signature.parameters)), None)


def _parameter(row: DataFunctionRow) -> str:
    return next(parameter for parameter in row.signature.parameters if parameter in _MODES)


def _passed(draft: Draft, call: cst.Call, parameter: str) -> str | None:
    arg = draft.call(call, None).given(parameter)
    return draft.program.code(arg.value) if arg is not None else None


def _alike(draft: Draft, loader: cst.Call) -> Iterator[cst.Call]:
    for node in draft.program.nodes():
        if isinstance(node, cst.Call) and _row(node) is _row(loader):
            yield node
