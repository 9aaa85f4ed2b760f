"""Training sites: the places where a model meets a loss."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, Literal

import libcst as cst

from mllint.source.program import classes
from mllint.source.program.conditions import World
from mllint.source.program.frames import NO_CALL
from mllint.source.program.values import Arguments, Function, Value

if TYPE_CHECKING:
    from mllint.source.parsing.parsed import ParsedFile
    from mllint.source.program.interpreter import Interpreter

_A_TEST: Final = re.compile(r"^[ \t]*(?:def test_|class (?:Test|\w+\([^)]*TestCase\b))", re.MULTILINE)


@dataclass(frozen=True, eq=False, slots=True)
class Site:
    """A place where a model meets a loss: a compile call, or a loss called on a prediction."""

    node: cst.Call
    via: Literal["compile", "loss-call"]
    model: Value
    prediction: Value
    """What the model puts out, or the tensor given to the loss."""
    arguments: Arguments
    loss: Value | None
    """The called loss; None for compile, whose loss is in the arguments."""
    world: World
    calls: tuple[cst.Call, ...]
    policy: Value | None
    """The global mixed precision policy at this point."""
    in_unit_test: bool
    statement: cst.CSTNode | None
    """The statement that the call is part of, with its comments."""
    is_imported: bool = False
    """Another file's own statements come here, not a call of the file that is looked at."""


def record(
    run: Interpreter,
    node: cst.Call,
    via: Literal["compile", "loss-call"],
    model: Value,
    prediction: Value,
    arguments: Arguments,
    loss: Value | None = None,
) -> None:
    run.sites.append(
        Site(
            node=node,
            via=via,
            model=model,
            prediction=prediction,
            arguments=arguments,
            loss=loss,
            world=run.world,
            calls=tuple(call for call in run.calls if call is not NO_CALL),
            policy=run.policy,
            in_unit_test=_in_unit_test(run),
            statement=run.statement,
            is_imported=run.units.is_importing,
        )
    )


def _in_unit_test(run: Interpreter) -> bool:
    return any(_is_of_a_test(run, frame.function) for frame in run.frames if frame.function is not None)


def _is_of_a_test(run: Interpreter, function: Function) -> bool:
    """A test, a method of a test case, or what a module of tests defines for them."""
    if function.name.startswith("test_"):
        return True
    if function.owner is not None and (classes.library_base(run, function.owner) or "").endswith("TestCase"):
        return True
    file = run.units.of(function.scope).file
    return file is not None and _holds_tests(file)


def _holds_tests(file: ParsedFile) -> bool:
    """As pytest finds them: https://docs.pytest.org/en/stable/explanation/goodpractices.html#test-discovery."""
    stem = PurePath(file.path).stem
    return (stem.startswith("test_") or stem.endswith("_test")) and _A_TEST.search(file.document.text) is not None
