"""Calls: the function and its arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from mllint.source.program.python_library import containers
from mllint.source.program.values import Arguments, Missing, Super, Value

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


def evaluate_call(run: Interpreter, node: cst.Call) -> Value:
    if type(node.func) is cst.Name and node.func.value == "super" and run.lookup("super") is None:
        return _super(run, node)
    function = run.evaluate(node.func)
    return run.call(function, _arguments(run, node), node)


def _super(run: Interpreter, node: cst.Call) -> Value:
    for frame in reversed(run.frames):
        if frame.function is not None and frame.function.owner is not None and frame.receiver is not None:
            return Super(node, frame.function.owner, frame.receiver)
    return Missing(node, "super() outside a method")


def _arguments(run: Interpreter, node: cst.Call) -> Arguments:
    """The evaluated arguments of a call, * and ** unpacked where they are known."""
    positional: list[Value] = []
    keywords: dict[str, Value] = {}
    complete = True
    for argument in node.args:
        value = run.evaluate(argument.value)
        if argument.star == "*":
            items = run.iterate(value)
            complete = complete and items is not None
            positional.extend(items or ())
        elif argument.star == "**":
            entries = containers.entries(run, value)
            complete = complete and entries is not None and entries.complete
            keywords.update({k: v for k, v in (entries.values if entries else {}).items() if isinstance(k, str)})
        elif argument.keyword is not None:
            keywords[argument.keyword.value] = value
        else:
            positional.append(value)
    return Arguments(tuple(positional), keywords, complete)
