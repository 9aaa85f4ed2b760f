"""What nothing in the file calls: it is there for others, and runs with what its signature tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mllint.source.program import functions, instances, tree
from mllint.source.program.frames import NO_CALL
from mllint.source.program.values import Arguments, Function, Instance, Value

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


def run_uncalled(run: Interpreter) -> None:
    """What the file defines for others runs with its defaults; its other arguments are unknown."""
    for made in [one for one in run.classes if run.units.of(one.scope) is run.units.main]:
        if made.definition not in run.instances:
            run.policy = run.policies[made.definition]
            run.instances[made.definition] = Instance(made.definition, made)
            instances.instantiate(run, made, Arguments(), NO_CALL)
    done = 0
    while done < len(run.functions):
        function = run.functions[done]
        done += 1
        if function.definition not in run.entered:
            run.policy = run.policies[function.definition]
            receiver = _receiver(run, function)
            functions.enter(run, function, Arguments(), NO_CALL, receiver)


def _receiver(run: Interpreter, function: Function) -> Value | None:
    if function.owner is None or tree.has_decorator(function, "staticmethod"):
        return None
    if tree.has_decorator(function, "classmethod"):
        return function.owner
    return run.instances.get(function.owner.definition)
