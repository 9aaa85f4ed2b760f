"""Import statements, and which Keras they prove."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from mllint.rules import knowledge
from mllint.source.program import assignment, tree
from mllint.source.program.frames import Signal

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


def run_import(run: Interpreter, node: cst.Import) -> Signal:
    for alias in node.names:
        dotted = tree.dotted_name(alias.name)
        _note_framework(run, dotted)
        if alias.asname is not None:
            assignment.assign(run, alias.asname.name, run.units.imported(node, dotted, None))
        else:
            root = dotted.partition(".")[0]
            run.bind(root, run.units.imported(node, root, None))
            run.units.run_for_effect(dotted)
    return None


def run_import_from(run: Interpreter, node: cst.ImportFrom) -> Signal:
    module = tree.dotted_name(node.module) if node.module is not None else ""
    if node.relative:
        module = "." * len(node.relative) + module
    _note_framework(run, module)
    if isinstance(node.names, cst.ImportStar):
        run.units.import_star(node, module)
        return None
    for alias in node.names:
        name = tree.dotted_name(alias.name)
        _note_framework(run, f"{module}.{name}")
        target = alias.asname.name if alias.asname is not None else alias.name
        assignment.assign(run, target, run.units.imported(node, module, name))
    return None


def _note_framework(run: Interpreter, dotted: str) -> None:
    proved = knowledge.framework(dotted)
    if proved is not None and (run.framework is None or not run.units.is_importing):
        run.framework = proved
