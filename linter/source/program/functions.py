"""Local functions: defined, and entered with their arguments bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from mllint.source.arrays import streams
from mllint.source.arrays.array import Dataset
from mllint.source.program import decorators
from mllint.source.program.conditions import World, choose
from mllint.source.program.frames import Frame, Signal
from mllint.source.program.python_library import containers
from mllint.source.program.values import Arguments, Constant, Entries, Function, Missing, Value

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

CALL_DEPTH = 24
"""A call below this many others is not followed."""


def define_function(run: Interpreter, node: cst.FunctionDef) -> Signal:
    scope = run.frames[-1].scope
    function = Function(node, node, scope, defaults(run, node.params), run.classes.get(scope))
    if run.units.main is run.units.of(scope):
        run.functions.append(function)
    run.policies[node] = run.policy
    run.bind(node.name.value, run.units.taught(node) or function)
    return None


def defaults(run: Interpreter, params: cst.Parameters) -> dict[str, Value]:
    return {
        p.name.value: run.evaluate(p.default)
        for p in (*params.posonly_params, *params.params, *params.kwonly_params)
        if p.default is not None
    }


def enter(
    run: Interpreter, function: Function, arguments: Arguments, node: cst.Call, receiver: Value | None = None
) -> Value:
    """Run a local function with its arguments bound; the result is a choice where it returns at several places."""
    definition = function.definition
    running = [frame.function.definition for frame in run.frames if frame.function is not None]
    if len(running) >= CALL_DEPTH or running.count(definition) >= 2:
        return Missing(node, f"{function.name}() calls itself")
    run.entered.add(definition)
    frame = Frame(run.new_scope(function.scope), function, receiver)
    _bind_parameters(run, function, arguments, frame, receiver)
    run.frames.append(frame)
    run.calls.append(node)
    world = run.world
    try:
        if isinstance(definition, cst.Lambda):
            return run.evaluate(definition.body)
        run.run_body(definition.body)
    finally:
        run.frames.pop()
        run.calls.pop()
        run.world = world
    return _returned(run, frame, world, node)


def _returned(run: Interpreter, frame: Frame, world: World, node: cst.CSTNode) -> Value:
    if frame.yields:
        first, *others = frame.yields
        return Dataset(node, first if not others else Missing(node, "a generator that yields at several places"))
    if not frame.returns:
        return Constant(node, None)
    *guarded, (_, result) = frame.returns
    for conditions, value in reversed(guarded):
        chosen = value
        for condition, holds in reversed([(c, h) for c, h in conditions.items() if c not in world]):
            chosen = choose(condition, chosen, result) if holds else choose(condition, result, chosen)
        result = chosen
    return result


def _bind_parameters(
    run: Interpreter, function: Function, arguments: Arguments, frame: Frame, receiver: Value | None
) -> None:
    params = function.definition.params
    positional = list(arguments.positional)
    if receiver is not None:
        positional.insert(0, receiver)
    keywords = dict(arguments.keywords)
    named = [*params.posonly_params, *params.params]
    for index, param in enumerate([*named, *params.kwonly_params]):
        name = param.name.value
        if name in keywords:
            value = keywords.pop(name)
        elif index < len(positional) and index < len(named):
            value = positional[index]
        elif name in function.defaults and arguments.complete and decorators.keep_defaults(run, function):
            value = function.defaults[name]
        else:
            value = Missing(param, f"the parameter {name} of {function.name}() is not known here")
        run.store.set((frame.scope, name), value)
    if isinstance(params.star_arg, cst.Param):
        _bind_rest(run, frame, params.star_arg, run.new_list(params.star_arg, positional[len(named) :]))
    if params.star_kwarg is not None:
        rest = containers.new_dict(run, params.star_kwarg, Entries(None, keywords, arguments.complete))
        _bind_rest(run, frame, params.star_kwarg, rest)


def _bind_rest(run: Interpreter, frame: Frame, param: cst.Param, value: Value) -> None:
    run.store.set((frame.scope, param.name.value), value)


def evaluate_lambda(run: Interpreter, node: cst.Lambda) -> Value:
    return Function(node, node, run.frames[-1].scope, defaults(run, node.params))


def evaluate_yield(run: Interpreter, node: cst.Yield) -> Value:
    if node.value is not None:
        inner = node.value.item if isinstance(node.value, cst.From) else node.value
        yielded = run.evaluate(inner)
        if isinstance(node.value, cst.From):
            yielded = streams.element_of(run, yielded) or Missing(node, "what another generator yields")
        run.frames[-1].yields.append(run.frozen(yielded))
    return Missing(node, "what a generator is sent")
