"""Calls of libraries: which of the tables of Python, of data and of Keras answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import libcst as cst

from mllint.rules import knowledge
from mllint.source.arrays import library as data_library
from mllint.source.program import records, unseen
from mllint.source.program.files import loading, opening, paths
from mllint.source.program.files.values import Handler
from mllint.source.program.keras_library import methods, models, symbols
from mllint.source.program.python_library import builtin_functions, builtin_methods
from mllint.source.program.values import Arguments, Constant, Instance, Method, Missing, Symbol, Value
from mllint.source.reading.decodings import note_operation

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


_FUNCTIONS: Final[Mapping[str, Handler]] = {
    **builtin_functions.FUNCTIONS,
    **paths.FUNCTIONS,
    **opening.FUNCTIONS,
    **loading.FUNCTIONS,
}


def call_symbol(run: Interpreter, symbol: Symbol, arguments: Arguments, node: cst.Call) -> Value:
    owner, _, method = symbol.name.rpartition(".")
    if method == "__init__" and arguments.positional and isinstance(arguments.positional[0], Instance):
        given = Arguments(arguments.positional[1:], arguments.keywords, arguments.complete)
        models.initialize(run, arguments.positional[0], given, knowledge.canonical(owner))
        return Constant(node, None)
    name = knowledge.canonical(symbol.name)
    handler = _FUNCTIONS.get(name)
    made = handler(run, arguments, node) if handler is not None else None
    if made is not None:
        return made
    made = records.call_symbol(run, name, arguments, node)
    if made is not None:
        return made
    made = data_library.call_symbol(run, name, arguments, node)
    if made is None or isinstance(made, Missing):
        other = symbols.call_symbol(run, name, arguments, node)
        made = made if made is not None and isinstance(other, Missing) else other
    note_operation(run, made)
    if isinstance(made, Missing):
        unseen.given_away(run, symbol, arguments, node)
    return made


def call_method(run: Interpreter, method: Method, arguments: Arguments, node: cst.Call) -> Value:
    result = builtin_methods.call_method(run, method, arguments, node)
    if result is None and isinstance(method.receiver, Missing):
        result = opening.call_method(run, method.receiver, method.name, arguments, node)
    if result is None:
        result = data_library.call_method(run, method, arguments, node)
    if result is None:
        result = methods.call_method(run, method, arguments, node)
    note_operation(run, result)
    if isinstance(result, Missing):
        unseen.given_away(run, method, arguments, node)
    return result
