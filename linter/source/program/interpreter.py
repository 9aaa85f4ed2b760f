"""An abstract interpreter of training code: it runs statements on abstract values and records training sites.

Here is what it remembers of the program, and how it runs blocks, branches and calls; what each kind of statement and
expression does is in modules of their own (statements.py, evaluation.py). Both sides of an undecided condition are run
and joined (conditions.py), local functions and classes are entered with their arguments bound, and what nothing in the
file calls is run at the end with what its signature tells.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Literal

import libcst as cst

from mllint.source.arrays import library as data_library
from mllint.source.arrays.array import Array
from mllint.source.modules import Modules, NoModules
from mllint.source.parsing.parsed import ParsedFile
from mllint.source.program import functions, instances, library_calls, unseen
from mllint.source.program.conditions import Condition, Decision, World, choose, decided, simplify
from mllint.source.program.evaluation import EXPRESSIONS
from mllint.source.program.expressions import truth
from mllint.source.program.fields import Field
from mllint.source.program.files.data import Data
from mllint.source.program.frames import Frame, Signal
from mllint.source.program.keras_library import objects
from mllint.source.program.python_library import containers
from mllint.source.program.sites import Site
from mllint.source.program.statements import STATEMENTS
from mllint.source.program.store import Changes, Store
from mllint.source.program.uncalled import run_uncalled
from mllint.source.program.units import Units
from mllint.source.program.values import (
    Arguments,
    Bound,
    Choice,
    Class,
    Constant,
    Function,
    Imported,
    Instance,
    Items,
    ListObject,
    Made,
    Method,
    Missing,
    Model,
    Operation,
    Partial,
    Symbol,
    Tensor,
    Value,
    new_reference,
)
from mllint.source.reading.decodings import Decoded
from mllint.source.reading.fits import FitCall

STEP_BUDGET = 400_000
"""Statements and calls per file; real training code needs a few thousand."""
IMPORT_BUDGET = 20_000
"""Statements and calls that another file may take to define what is imported from it."""
OPEN = (Choice, Imported)
"""Values that stand for others."""
UNFOLLOWED = "a call that is not followed"
"""The symbol of an operation by something unknown."""


class Exhausted(Exception):
    """The file needs more steps than the budget allows."""


class Interpreter:
    """Runs one file of a program, and of its other files what it asks them for.

    `sites`, `fits` and `framework` are what it leaves behind. `refused` are paths of data files that are not read.
    """

    def __init__(self, file: ParsedFile, modules: Modules | None = None, refused: Collection[str] = ()) -> None:
        self.module = file.tree
        self.store = Store()
        self.world: World = {}
        self.sites: list[Site] = []
        self.fits: dict[int, list[FitCall]] = {}
        """The calls of fit, evaluate and the like by model reference."""
        self.decoded: dict[int, list[Decoded]] = {}
        """What the program does with predictions, by model reference."""
        self.fills: dict[int, data_library.Fill] = {}
        """What was written into arrays, by reference; on any path."""
        self.loops = 0
        """Loops around the present statement of which only one round is run."""
        self.grown: set[int] = set()
        """Lists that such a loop appends to, by reference."""
        self._list_depths: dict[int, int] = {}
        self.predicted: set[int] = set()
        """References of the models that predict something."""
        self.reassigned: set[int | None] = set()
        """References of the layers whose activation is assigned anew; None for a layer that is not known."""
        self.unknown_activations: list[Constant] = []
        """Activation strings that no Keras knows."""
        self.framework: Literal["keras2", "keras3"] | None = None
        self.policy: Value | None = None
        self.frames: list[Frame] = []
        self.calls: list[cst.Call] = []
        self.statement: cst.SimpleStatementLine | cst.SimpleStatementSuite | None = None
        self._parents: dict[int, int | None] = {}
        self.units = Units(self, file, modules if modules is not None else NoModules())
        self.data = Data(self, refused)
        self.functions: list[Function] = []
        self.classes: dict[int, Class] = {}
        """The classes of the program by the scopes in which their bodies ran."""
        self.instances: dict[cst.ClassDef, Instance] = {}
        self.entered: set[cst.CSTNode] = set()
        self.may_set: dict[cst.ClassDef, Mapping[str, tuple[cst.FunctionDef, ...]]] = {}
        """The methods of each class by the attributes that they may set."""
        self.setters: dict[tuple[cst.ClassDef, str], tuple[str, ...]] = {}
        """The methods of a class that set an attribute."""
        self.policies: dict[cst.CSTNode, Value | None] = {}
        """The mixed precision policy where a function or class is defined."""
        self.keeping: dict[cst.CSTNode, bool] = {}
        """Whether the decorators of a function or class leave its defaults as they are."""
        self.fields: dict[Class, tuple[Field, ...]] = {}
        """What the body of each class writes that may be a field."""
        self.codes: dict[cst.CSTNode, str] = {}
        """The source of what conditions test."""
        self.names: dict[cst.CSTNode, tuple[str, ...]] = {}
        """The names in what conditions test."""
        self.opened: set[int] = set()
        """References of instances that were made in a way that may set any of their attributes."""
        self._steps = 0
        self._budget = STEP_BUDGET

    def dissolve(self) -> None:
        """Let go of what knows this interpreter, when it has told all: circles are freed late, and dearly."""
        del self.units, self.data

    # ---- running ---------------------------------------------------------------------------------------------------

    def run_module(self) -> None:
        """Run the module, then whatever in it was never called.

        Raises Exhausted when the budget is spent; what was recorded until then stays.
        """
        self.frames.append(Frame(self.units.main.scope))
        self.run_block(self.module.body)
        run_uncalled(self)

    def run_imported(self, module: cst.Module, scope: int) -> None:
        """Run another file in a scope of its own, whatever branch asked for it; one that takes too long defines what
        it has defined by then."""
        outer = self.frames, self.calls, self.world, self.statement, self.loops, self._budget
        self.frames, self.calls, self.world, self.statement, self.loops = [Frame(scope)], [], {}, None, 0
        self._budget = min(self._budget, self._steps + IMPORT_BUDGET)
        try:
            with self.store.ground():
                self.run_block(module.body)
        except Exhausted:
            if self._steps > outer[-1]:
                raise
        finally:
            self.frames, self.calls, self.world, self.statement, self.loops, self._budget = outer

    def run_block(self, statements: Sequence[cst.CSTNode]) -> Signal:
        before = self.world
        try:
            for statement in statements:
                signal = self.run_statement(statement)
                if signal:
                    return signal
            return None
        finally:
            self.world = before

    def step(self) -> None:
        self._steps += 1
        if self._steps > self._budget:
            raise Exhausted

    def run_statement(self, statement: cst.CSTNode) -> Signal:
        self.step()
        run = STATEMENTS.get(type(statement))
        return run(self, statement) if run else None

    def run_body(self, body: cst.BaseSuite) -> Signal:
        return self.run_block(body.body)

    # ---- branches --------------------------------------------------------------------------------------------------

    def fork(self, decision: Decision, then: Callable[[], Signal], otherwise: Callable[[], Signal]) -> Signal:
        """Run one side where the condition is decided, else both; a side that leaves does not come back."""
        if isinstance(decision, bool):
            return then() if decision else otherwise()
        condition, polarity = decision
        if not polarity:
            then, otherwise = otherwise, then
        left, left_changes = self.branch(condition, True, then)
        right, right_changes = self.branch(condition, False, otherwise)
        if left and right:
            self.store.join(condition, left_changes, right_changes)
            return left if left == right else "return"
        if left:
            self.store.apply(right_changes)
            self.world = {**self.world, condition: False}
        elif right:
            self.store.apply(left_changes)
            self.world = {**self.world, condition: True}
        else:
            self.store.join(condition, left_changes, right_changes)
        return None

    def branch(self, condition: Condition, holds: bool, run: Callable[[], Signal]) -> tuple[Signal, Changes]:
        before = self.world
        self.world = {**before, condition: holds}
        self.store.begin()
        try:
            signal = run()
        finally:
            changes = self.store.end()
            self.world = before
        return signal, changes

    def each(self, value: Value, use: Callable[[Value], Value]) -> Value:
        """Apply `use` to every value a choice may come to, each under its own condition."""
        value = simplify(value, self.world)
        if not isinstance(value, Choice):
            return use(value)
        self.step()
        results: list[Value] = []

        def side(chosen: Value) -> Callable[[], Signal]:
            def run() -> Signal:
                results.append(self.each(chosen, use))
                return None

            return run

        self.fork((value.condition, True), side(value.then), side(value.otherwise))
        return choose(value.condition, *results)

    # ---- names -----------------------------------------------------------------------------------------------------

    def new_scope(self, parent: int | None) -> int:
        scope = new_reference()
        self._parents[scope] = parent
        return scope

    def outermost(self, scope: int) -> int:
        """The scope of the module that a scope belongs to."""
        while (parent := self._parents[scope]) is not None:
            scope = parent
        return scope

    def lookup(self, name: str) -> Value | None:
        scope: int | None = self.frames[-1].scope
        while scope is not None:
            value = self.store.get((scope, name))
            if value is not None:
                return self.present(value)
            scope = self._parents[scope]
        return self.units.from_stars(self.units.of(self.frames[-1].scope), name)

    def present(self, value: Value) -> Value:
        """What a stored value is in the present branch, where it is one of another file there."""
        if not isinstance(value, OPEN):
            return value
        return simplify(self.units.linked(simplify(value, self.world)), self.world)

    def bind(self, name: str, value: Value) -> None:
        frame = self.frames[-1]
        scope = frame.scope
        if name in frame.outer_names:
            scope = self._scope_of(name, self._parents[scope])
        self.store.set((scope, name), value)

    def _scope_of(self, name: str, scope: int | None) -> int:
        while scope is not None:
            if self.store.get((scope, name)) is not None:
                return scope
            scope = self._parents[scope]
        return self.outermost(self.frames[-1].scope)

    # ---- values ----------------------------------------------------------------------------------------------------

    def evaluate(self, node: cst.BaseExpression) -> Value:
        """The value of an expression; Missing with a reason where it is not followed."""
        evaluate = EXPRESSIONS.get(type(node))
        if evaluate is None:
            return Missing(node, f"{type(node).__name__} expressions are not followed")
        return evaluate(self, node)

    def decide(self, node: cst.BaseExpression) -> Decision:
        """Whether an expression is true, as far as the program and the present branch tell."""
        decision = truth.decide(self, node)
        if isinstance(decision, bool):
            return decision
        condition, polarity = decision
        holds = decided(condition, self.world)
        return decision if holds is None else holds == polarity

    def iterate(self, value: Value) -> tuple[Value, ...] | None:
        """The items of a list, tuple, range or dict; None where they are not known."""
        return containers.iterate(self, value)

    def items(self, value: ListObject) -> Value:
        """The state of a list: Items, a Choice of Items, or Missing."""
        state = self.store.get((value.reference, "<items>"))
        return simplify(state, self.world) if state is not None else Missing(value.node, "a list that is not known")

    def new_list(self, node: cst.CSTNode | None, values: Sequence[Value]) -> ListObject:
        made = ListObject(node)
        self._list_depths[made.reference] = self.loops
        self.store.set((made.reference, "<items>"), Items(node, tuple(values)))
        return made

    def note_growth(self, value: ListObject) -> None:
        """A list that is appended to in one round of a loop holds more than one round puts into it."""
        if self.loops > self._list_depths.get(value.reference, 0):
            self.grown.add(value.reference)

    def filled(self, value: Array) -> Array:
        """The array with what the program wrote into it."""
        return data_library.filled(self, value)

    def frozen(self, value: Value) -> Value:
        """The value as it is now: lists become Items, dicts Entries, so that later changes do not reach it."""
        return containers.freeze(self, value)

    # ---- calls -----------------------------------------------------------------------------------------------------

    def call(self, function: Value, arguments: Arguments, node: cst.Call) -> Value:
        self.step()
        if not isinstance(function, Choice):
            return self.call_one(function, arguments, node)
        return self.each(function, lambda one: self.call_one(one, arguments, node))

    def call_one(self, function: Value, arguments: Arguments, node: cst.Call) -> Value:
        if isinstance(function, Symbol):
            return library_calls.call_symbol(self, function, arguments, node)
        if isinstance(function, Function):
            return functions.enter(self, function, arguments, node)
        if isinstance(function, Bound):
            return functions.enter(self, function.function, arguments, node, function.receiver)
        if isinstance(function, Method):
            return library_calls.call_method(self, function, arguments, node)
        if isinstance(function, Class):
            return instances.instantiate(self, function, arguments, node)
        if isinstance(function, Partial):
            given = function.arguments
            merged = Arguments(
                (*given.positional, *arguments.positional),
                {**given.keywords, **arguments.keywords},
                given.complete and arguments.complete,
            )
            return self.call(function.function, merged, node)
        if isinstance(function, Made | Model | Instance):
            return objects.call_object(self, function, arguments, node)
        unseen.given_away(self, function, arguments, node)
        reason = function.reason if isinstance(function, Missing) else "the result of a call that is not followed"
        if any(isinstance(argument, Tensor) for argument in arguments.positional):
            return Operation(node, UNFOLLOWED, arguments)
        return Missing(node, reason)
