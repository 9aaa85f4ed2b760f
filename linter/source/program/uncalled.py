"""What nothing in the file calls: it is there for others, and runs with what its signature tells, if it may matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import libcst as cst

from mllint.source.program import classes, functions, instances, tree
from mllint.source.program.frames import NO_CALL
from mllint.source.program.values import Arguments, Class, Function, Instance, Value
from mllint.source.relevance import Relevance

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


def run_uncalled(run: Interpreter) -> None:
    """What the file defines for others runs with its defaults; its other arguments are unknown."""
    may_matter = _relevance(run)
    for made in _concrete(run):
        if made.definition not in run.instances and may_matter(made.definition):
            run.policy = run.policies[made.definition]
            run.instances[made.definition] = Instance(made.definition, made)
            instances.instantiate(run, made, Arguments(), NO_CALL)
    done = 0
    while done < len(run.functions):
        function = run.functions[done]
        done += 1
        if function.definition not in run.entered and may_matter(function.definition):
            run.policy = run.policies[function.definition]
            for receiver in _receivers(run, function):
                functions.enter(run, function, Arguments(), NO_CALL, receiver)


def _relevance(run: Interpreter) -> Callable[[cst.CSTNode], bool]:
    """Whether a definition may matter to what is said of the file; what Python's own tree does not have may."""
    file = run.units.main.file
    assert file is not None
    found: list[Relevance] = []

    def may_matter(definition: cst.CSTNode) -> bool:
        origin = file.origin(definition) if isinstance(definition, cst.FunctionDef | cst.ClassDef) else None
        if origin is None:
            return True
        if not found:
            found.append(Relevance(file.document, lambda name: run.units.modules.locate(name, None) is not None))
        return found[0].may_matter(origin)

    return may_matter


def _concrete(run: Interpreter) -> list[Class]:
    """The classes of the file that may have instances."""
    own = [one for one in run.classes.values() if run.units.of(one.scope) is run.units.main]
    return [one for one in own if not classes.is_abstract(run, one)]


def _receivers(run: Interpreter, function: Function) -> Iterator[Value | None]:
    """What a function is bound to: a method of an abstract class, to what the classes below it make of it."""
    if function.owner is None or tree.has_decorator(function, "staticmethod"):
        yield None
        return
    owners = [function.owner]
    if classes.is_abstract(run, function.owner):
        heirs = [one for one in _concrete(run) if function.owner in classes.ancestry(run, one)]
        owners = [one for one in heirs if classes.find_method(run, one, function.name) is function]
    for owner in owners:
        yield owner if tree.has_decorator(function, "classmethod") else run.instances.get(owner.definition)
