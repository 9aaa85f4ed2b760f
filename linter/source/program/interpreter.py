"""An abstract interpreter of training code: it runs statements on abstract values and records training sites.

Both sides of an undecided condition are run and joined (conditions.py), local functions and classes are entered with
their arguments bound, and what nothing in the file calls is run at the end with what its signature tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import libcst as cst

from mllint.rules import knowledge
from mllint.source.arrays import library as data_library
from mllint.source.arrays import streams
from mllint.source.arrays.array import Array, Dataset
from mllint.source.modules import Modules, NoModules, ParsedFile
from mllint.source.program import evaluation, keras_library, python_library
from mllint.source.program.conditions import Condition, World, choose, decided, simplify
from mllint.source.program.store import Changes, Store
from mllint.source.program.units import Units
from mllint.source.program.values import (
    Arguments,
    Bound,
    Choice,
    Class,
    Constant,
    Entries,
    Function,
    Imported,
    Instance,
    Items,
    ListObject,
    Made,
    Method,
    Missing,
    Model,
    Namespace,
    Operation,
    Partial,
    Placeholder,
    Symbol,
    Tensor,
    Value,
    new_reference,
)
from mllint.source.reading.decodings import Decoded, note_name, note_operation
from mllint.source.reading.fits import FitCall, Score, Scores

STEP_BUDGET = 400_000
"""Statements and calls per file; real training code needs a few thousand."""
IMPORT_BUDGET = 20_000
"""Statements and calls that another file may take to define what is imported from it."""
CALL_DEPTH = 24
UNROLLED = 24
"""A loop over more items than this is run once, like one over unknown items."""

Signal = Literal["return", "raise", "break", "continue"] | None
Decision = bool | tuple[Condition, bool]
"""A truth value, or a condition and the polarity under which the tested expression is true."""


class Exhausted(Exception):
    """The file needs more steps than the budget allows."""


@dataclass(slots=True)
class Frame:
    """One running function (or the module, or a class body)."""

    scope: int
    function: Function | None = None
    receiver: Value | None = None
    outer_names: set[str] = field(default_factory=set)
    """Names declared global or nonlocal."""
    returns: list[tuple[World, Value]] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)


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


class Interpreter:
    """Runs one file of a program, and of its other files what it asks them for.

    `sites`, `fits` and `framework` are what it leaves behind.
    """

    def __init__(self, file: ParsedFile, modules: Modules | None = None) -> None:
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
        self._functions: list[Function] = []
        self._classes: list[Class] = []
        self._instances: dict[cst.ClassDef, Instance] = {}
        self._entered: set[cst.CSTNode] = set()
        self._setters: dict[cst.ClassDef, Mapping[str, tuple[str, ...]]] = {}
        """The methods of each class by the attributes that they set."""
        self._policies: dict[cst.CSTNode, Value | None] = {}
        """The mixed precision policy where a function or class is defined."""
        self._steps = 0
        self._budget = STEP_BUDGET

    # ---- running ---------------------------------------------------------------------------------------------------

    def run_module(self) -> None:
        """Run the module, then whatever in it was never called.

        Raises Exhausted when the budget is spent; what was recorded until then stays.
        """
        self.frames.append(Frame(self.units.main.scope))
        self.run_block(self.module.body)
        self._run_uncalled()

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
                signal = self._run_statement(statement)
                if signal:
                    return signal
            return None
        finally:
            self.world = before

    def step(self) -> None:
        self._steps += 1
        if self._steps > self._budget:
            raise Exhausted

    def _run_statement(self, statement: cst.CSTNode) -> Signal:
        self.step()
        run = _STATEMENTS.get(type(statement))
        return run(self, statement) if run else None

    def _run_line(self, node: cst.SimpleStatementLine | cst.SimpleStatementSuite) -> Signal:
        outer, self.statement = self.statement, node
        try:
            for small in node.body:
                signal = self._run_statement(small)
                if signal:
                    return signal
            return None
        finally:
            self.statement = outer

    def _run_body(self, body: cst.BaseSuite) -> Signal:
        return self.run_block(body.body)

    # ---- branches --------------------------------------------------------------------------------------------------

    def _run_if(self, node: cst.If) -> Signal:
        decision = self.decide(node.test)

        def otherwise() -> Signal:
            if node.orelse is None:
                return None
            return self._run_if(node.orelse) if isinstance(node.orelse, cst.If) else self._run_body(node.orelse.body)

        return self.fork(decision, lambda: self._run_body(node.body), otherwise)

    def fork(self, decision: Decision, then: Callable[[], Signal], otherwise: Callable[[], Signal]) -> Signal:
        """Run one side where the condition is decided, else both; a side that leaves does not come back."""
        if isinstance(decision, bool):
            return then() if decision else otherwise()
        condition, polarity = decision
        if not polarity:
            then, otherwise = otherwise, then
        left, left_changes = self._branch(condition, True, then)
        right, right_changes = self._branch(condition, False, otherwise)
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

    def _branch(self, condition: Condition, holds: bool, run: Callable[[], Signal]) -> tuple[Signal, Changes]:
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
        results: list[Value] = []

        def side(chosen: Value) -> Callable[[], Signal]:
            def run() -> Signal:
                results.append(self.each(chosen, use))
                return None

            return run

        self.fork((value.condition, True), side(value.then), side(value.otherwise))
        return choose(value.condition, *results)

    # ---- loops and blocks ------------------------------------------------------------------------------------------

    def _run_for(self, node: cst.For) -> Signal:
        iterable = self.evaluate(node.iter)
        items = self.iterate(iterable)
        if items is None or len(items) > UNROLLED:
            self._forget_changing(node.body)
            self.assign(node.target, streams.element_of(self, iterable) or Missing(node.iter, "changes in a loop"))
            return self._leave_loop(self._run_round(node.body))
        for item in items:
            self.assign(node.target, item)
            signal = self._run_body(node.body)
            if signal == "break":
                break
            if signal in ("return", "raise"):
                return signal
        return None

    def _run_while(self, node: cst.While) -> Signal:
        self._forget_changing(node.body)
        self.evaluate(node.test)
        return self._leave_loop(self._run_round(node.body))

    def _run_round(self, body: cst.BaseSuite) -> Signal:
        """One round of a loop that has an unknown number of them."""
        self.loops += 1
        try:
            return self._run_body(body)
        finally:
            self.loops -= 1

    @staticmethod
    def _leave_loop(signal: Signal) -> Signal:
        return signal if signal in ("return", "raise") else None

    def _forget_changing(self, body: cst.BaseSuite) -> None:
        """A constant that the loop assigns anew is not the same in every round."""
        for name in evaluation.assigned_names(body):
            if isinstance(self.lookup(name), Constant):
                self.bind(name, Missing(body, f"{name} changes in a loop"))

    def _run_with(self, node: cst.With) -> Signal:
        for item in node.items:
            value = self.evaluate(item.item)
            if item.asname is not None:
                self.assign(item.asname.name, value)
        return self._run_body(node.body)

    def _run_try(self, node: cst.Try | cst.TryStar) -> Signal:
        signal = self._run_body(node.body)
        if signal is None and node.orelse is not None:
            signal = self._run_body(node.orelse.body)
        for handler in () if self._imports_own_files(node.body) else node.handlers:
            failed = Condition(("except", id(handler)), None, "an exception is raised")
            raised, changes = self._branch(failed, True, lambda body=handler.body: self._run_body(body))  # type: ignore[misc]
            if raised is None:
                self.store.join(failed, changes, {})
        if node.finalbody is not None:
            self._run_body(node.finalbody.body)
        return signal if signal == "return" else None

    def _imports_own_files(self, body: cst.BaseSuite) -> bool:
        """Whether nothing is done but imports, which do not fail: all are of files of this program."""
        statements = [small for line in body.body if isinstance(line, cst.SimpleStatementLine) for small in line.body]
        if len(statements) < len(body.body) or not all(
            isinstance(one, cst.Import | cst.ImportFrom) for one in statements
        ):
            return False
        bound = {value.node for value in self._bound_here() if isinstance(value, Imported)}
        return all(one in bound for one in statements)

    def _bound_here(self) -> Iterator[Value]:
        scope = self.frames[-1].scope
        for name in self.store.names(scope):
            value = self.store.get((scope, name))
            if value is not None:
                yield value

    def _run_match(self, node: cst.Match) -> Signal:
        subject = evaluation.identity(self, node.subject)
        self.evaluate(node.subject)

        def run_cases(cases: Sequence[cst.MatchCase]) -> Signal:
            if not cases:
                return None
            pattern = self.module.code_for_node(cases[0].pattern)
            if pattern == "_":
                return self._run_body(cases[0].body)
            condition = Condition(subject, pattern, f"case {pattern}")
            return self.fork((condition, True), lambda: self._run_body(cases[0].body), lambda: run_cases(cases[1:]))

        return run_cases(node.cases)

    # ---- simple statements -----------------------------------------------------------------------------------------

    def _run_expression(self, node: cst.Expr) -> Signal:
        value = self.evaluate(node.value)
        return "raise" if isinstance(value, Missing) and value.reason == python_library.EXITS else None

    def _run_assign(self, node: cst.Assign) -> Signal:
        value = self.evaluate(node.value)
        for target in node.targets:
            self.assign(target.target, value)
        return None

    def _run_annotated(self, node: cst.AnnAssign) -> Signal:
        if node.value is not None:
            self.assign(node.target, self.evaluate(node.value))
        return None

    def _run_augmented(self, node: cst.AugAssign) -> Signal:
        left, right = self.evaluate(node.target), self.evaluate(node.value)
        if isinstance(left, ListObject) and isinstance(node.operator, cst.AddAssign):
            python_library.extend(self, left, right)
        else:
            operator = type(node.operator).__name__.removesuffix("Assign")
            self.assign(node.target, evaluation.operate(self, operator, left, right, node))
        return None

    def _run_return(self, node: cst.Return) -> Signal:
        value = self.evaluate(node.value) if node.value is not None else Constant(node, None)
        self.frames[-1].returns.append((self.world, value))
        return "return"

    def _run_raise(self, node: cst.Raise) -> Signal:
        return "raise"

    def _run_break(self, node: cst.Break) -> Signal:
        return "break"

    def _run_continue(self, node: cst.Continue) -> Signal:
        return "continue"

    def _run_outer_names(self, node: cst.Global | cst.Nonlocal) -> Signal:
        self.frames[-1].outer_names.update(item.name.value for item in node.names)
        return None

    def _run_delete(self, node: cst.Del) -> Signal:
        if isinstance(node.target, cst.Name):
            self.bind(node.target.value, Missing(node, f"{node.target.value} is deleted"))
        return None

    def _run_import(self, node: cst.Import) -> Signal:
        for alias in node.names:
            dotted = evaluation.dotted_name(alias.name)
            self._note_framework(dotted)
            if alias.asname is not None:
                self.assign(alias.asname.name, self.units.imported(node, dotted, None))
            else:
                root = dotted.partition(".")[0]
                self.bind(root, self.units.imported(node, root, None))
                self.units.run_for_effect(dotted)
        return None

    def _run_import_from(self, node: cst.ImportFrom) -> Signal:
        module = evaluation.dotted_name(node.module) if node.module is not None else ""
        if node.relative:
            module = "." * len(node.relative) + module
        self._note_framework(module)
        if isinstance(node.names, cst.ImportStar):
            self.units.import_star(module)
            return None
        for alias in node.names:
            name = evaluation.dotted_name(alias.name)
            self._note_framework(f"{module}.{name}")
            target = alias.asname.name if alias.asname is not None else alias.name
            self.assign(target, self.units.imported(node, module, name))
        return None

    def _note_framework(self, dotted: str) -> None:
        proved = knowledge.framework(dotted)
        if proved is not None and (self.framework is None or not self.units.is_importing):
            self.framework = proved

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
                return simplify(self.units.linked(simplify(value, self.world)), self.world)
            scope = self._parents[scope]
        return self.units.from_stars(self.units.of(self.frames[-1].scope), name)

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

    def assign(self, target: cst.BaseExpression, value: Value) -> None:
        if isinstance(target, cst.Name):
            self.bind(target.value, value)
            note_name(self, target, value)
        elif isinstance(target, cst.Tuple | cst.List):
            self._unpack(target, value)
        elif isinstance(target, cst.Attribute):
            self._assign_attribute(target, value)
        elif isinstance(target, cst.Subscript):
            evaluation.assign_item(self, target, value)

    def _unpack(self, target: cst.Tuple | cst.List, value: Value) -> None:
        elements = target.elements
        items = self.iterate(value)
        if isinstance(value, Scores):
            items = tuple(Score(value.node, value.model, place) for place in range(len(elements)))
        starred = next((i for i, e in enumerate(elements) if isinstance(e, cst.StarredElement)), None)
        if items is not None and starred is None and len(items) == len(elements):
            for element, item in zip(elements, items, strict=True):
                self.assign(element.value, item)
        elif isinstance(value, Choice):
            sides = [self.iterate(side) or () for side in (value.then, value.otherwise)]
            absent = Missing(target, "unpacked from something that is not known")
            for index, element in enumerate(elements):
                left, right = (side[index] if index < len(side) else absent for side in sides)
                self.assign(element.value, choose(value.condition, left, right))
        else:
            reason = value.reason if isinstance(value, Missing) else "unpacked from something that is not known"
            for element in elements:
                self.assign(element.value, Missing(element, reason))

    def _assign_attribute(self, target: cst.Attribute, value: Value) -> None:
        receiver = self.evaluate(target.value)
        reference = getattr(receiver, "reference", None)
        if isinstance(receiver, Namespace):
            self.units.before_write(receiver, target.attr.value)
        if target.attr.value == "activation" and not isinstance(receiver, Instance):
            self.reassigned.add(reference)
        if reference is not None:
            self.store.set((reference, target.attr.value), value)
        elif isinstance(receiver, Class):
            self.store.set((receiver.scope, target.attr.value), value)

    # ---- values ----------------------------------------------------------------------------------------------------

    def evaluate(self, node: cst.BaseExpression) -> Value:
        return evaluation.evaluate(self, node)

    def decide(self, node: cst.BaseExpression) -> Decision:
        """Whether an expression is true, as far as the program and the present branch tell."""
        decision = evaluation.decide(self, node)
        if isinstance(decision, bool):
            return decision
        condition, polarity = decision
        holds = decided(condition, self.world)
        return decision if holds is None else holds == polarity

    def iterate(self, value: Value) -> tuple[Value, ...] | None:
        """The items of a list, tuple, range or dict; None where they are not known."""
        return python_library.iterate(self, value)

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
        return python_library.freeze(self, value)

    # ---- definitions -----------------------------------------------------------------------------------------------

    def _define_function(self, node: cst.FunctionDef) -> Signal:
        owner = self._class_of_body()
        function = Function(node, node, self.frames[-1].scope, self.defaults(node.params), owner)
        if self.units.main is self.units.of(self.frames[-1].scope):
            self._functions.append(function)
        self._policies[node] = self.policy
        self.bind(node.name.value, self.units.taught(node) or function)
        return None

    def _class_of_body(self) -> Class | None:
        scope = self.frames[-1].scope
        return next((c for c in reversed(self._classes) if c.scope == scope), None)

    def defaults(self, params: cst.Parameters) -> dict[str, Value]:
        return {
            p.name.value: self.evaluate(p.default)
            for p in (*params.posonly_params, *params.params, *params.kwonly_params)
            if p.default is not None
        }

    def _define_class(self, node: cst.ClassDef) -> Signal:
        bases = tuple(self.evaluate(base.value) for base in node.bases)
        made = Class(node, node, self.new_scope(self.frames[-1].scope), bases)
        self._classes.append(made)
        self._policies[node] = self.policy
        self.frames.append(Frame(made.scope))
        try:
            self._run_body(node.body)
        finally:
            self.frames.pop()
        self.bind(node.name.value, self.units.taught(node) or made)
        return None

    # ---- calls -----------------------------------------------------------------------------------------------------

    def call(self, function: Value, arguments: Arguments, node: cst.Call) -> Value:
        self.step()
        return self.each(function, lambda one: self.call_one(one, arguments, node))

    def call_one(self, function: Value, arguments: Arguments, node: cst.Call) -> Value:
        if isinstance(function, Symbol):
            return self.call_symbol(function, arguments, node)
        if isinstance(function, Function):
            return self.enter(function, arguments, node)
        if isinstance(function, Bound):
            return self.enter(function.function, arguments, node, function.receiver)
        if isinstance(function, Method):
            return self.call_method(function, arguments, node)
        if isinstance(function, Class):
            return self.instantiate(function, arguments, node)
        if isinstance(function, Partial):
            given = function.arguments
            merged = Arguments(
                (*given.positional, *arguments.positional),
                {**given.keywords, **arguments.keywords},
                given.complete and arguments.complete,
            )
            return self.call(function.function, merged, node)
        if isinstance(function, Made | Model | Instance):
            return keras_library.call_object(self, function, arguments, node)
        reason = function.reason if isinstance(function, Missing) else "the result of a call that is not followed"
        if any(isinstance(argument, Tensor) for argument in arguments.positional):
            return Operation(node, UNFOLLOWED, arguments)
        return Missing(node, reason)

    def call_symbol(self, symbol: Symbol, arguments: Arguments, node: cst.Call) -> Value:
        owner, _, method = symbol.name.rpartition(".")
        if method == "__init__" and arguments.positional and isinstance(arguments.positional[0], Instance):
            given = Arguments(arguments.positional[1:], arguments.keywords, arguments.complete)
            keras_library.initialize(self, arguments.positional[0], given, knowledge.canonical(owner))
            return Constant(node, None)
        name = knowledge.canonical(symbol.name)
        handler = python_library.FUNCTIONS.get(name)
        if handler is not None:
            return handler(self, arguments, node)
        made = data_library.call_symbol(self, name, arguments, node)
        if made is None or isinstance(made, Missing):
            other = keras_library.call_symbol(self, name, arguments, node)
            made = made if made is not None and isinstance(other, Missing) else other
        note_operation(self, made)
        return made

    def call_method(self, method: Method, arguments: Arguments, node: cst.Call) -> Value:
        result = python_library.call_method(self, method, arguments, node)
        if result is None:
            result = data_library.call_method(self, method, arguments, node)
        if result is None:
            result = keras_library.call_method(self, method, arguments, node)
        note_operation(self, result)
        return result

    def enter(self, function: Function, arguments: Arguments, node: cst.Call, receiver: Value | None = None) -> Value:
        """Run a local function with its arguments bound; the result is a choice where it returns at several places."""
        definition = function.definition
        running = [frame.function.definition for frame in self.frames if frame.function is not None]
        if len(running) >= CALL_DEPTH or running.count(definition) >= 2:
            return Missing(node, f"{function.name}() calls itself")
        self._entered.add(definition)
        frame = Frame(self.new_scope(function.scope), function, receiver)
        self._bind_parameters(function, arguments, frame, receiver)
        self.frames.append(frame)
        self.calls.append(node)
        world = self.world
        try:
            if isinstance(definition, cst.Lambda):
                return self.evaluate(definition.body)
            self._run_body(definition.body)
        finally:
            self.frames.pop()
            self.calls.pop()
            self.world = world
        return self._returned(frame, world, node)

    def _returned(self, frame: Frame, world: World, node: cst.CSTNode) -> Value:
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

    def _bind_parameters(self, function: Function, arguments: Arguments, frame: Frame, receiver: Value | None) -> None:
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
            elif name in function.defaults and arguments.complete:
                value = function.defaults[name]
            else:
                value = Missing(param, f"the parameter {name} of {function.name}() is not known here")
            self.store.set((frame.scope, name), value)
        if isinstance(params.star_arg, cst.Param):
            self._bind_rest(frame, params.star_arg, self.new_list(params.star_arg, positional[len(named) :]))
        if params.star_kwarg is not None:
            rest = python_library.new_dict(self, params.star_kwarg, Entries(None, keywords, arguments.complete))
            self._bind_rest(frame, params.star_kwarg, rest)

    def _bind_rest(self, frame: Frame, param: cst.Param, value: Value) -> None:
        self.store.set((frame.scope, param.name.value), value)

    # ---- classes ---------------------------------------------------------------------------------------------------

    def instantiate(self, made: Class, arguments: Arguments, node: cst.Call) -> Value:
        instance = Instance(node, made)
        self._instances[made.definition] = instance
        initializer = self.find_method(made, "__init__")
        if initializer is not None:
            self.enter(initializer, arguments, node, instance)
        else:
            keras_library.initialize(self, instance, arguments)
        return instance

    def ancestry(self, made: Class) -> Iterator[Value]:
        """The class and its bases, nearest first: classes of this program, then symbols of libraries."""
        yield made
        for base in made.bases:
            base = simplify(base, self.world)
            if isinstance(base, Class) and base is not made:
                yield from self.ancestry(base)
            else:
                yield base

    def find_attribute(self, made: Class, name: str) -> Value | None:
        for ancestor in self.ancestry(made):
            if isinstance(ancestor, Class):
                value = self.store.get((ancestor.scope, name))
                if value is not None:
                    return simplify(self.units.linked(simplify(value, self.world)), self.world)
        return None

    def find_method(self, made: Class, name: str) -> Function | None:
        value = self.find_attribute(made, name)
        return value if isinstance(value, Function) else None

    def library_base(self, made: Class) -> str | None:
        """The canonical name of the first base from a library: keras.Model, keras.layers.Layer, unittest.TestCase."""
        for ancestor in self.ancestry(made):
            if isinstance(ancestor, Symbol):
                return knowledge.canonical(ancestor.name)
        return None

    def attribute_of_instance(self, instance: Instance, name: str) -> Value | None:
        value = self.store.get((instance.reference, name))
        if value is None and self._run_method_that_sets(instance, name):
            value = self.store.get((instance.reference, name))
        return simplify(value, self.world) if value is not None else None

    def _run_method_that_sets(self, instance: Instance, name: str) -> bool:
        """An attribute that no method has set yet may be set by one that only other files call."""
        for ancestor in self.ancestry(instance.type):
            if not isinstance(ancestor, Class):
                continue
            for method in self._methods_setting(ancestor.definition).get(name, ()):
                function = self.store.get((ancestor.scope, method))
                if isinstance(function, Function) and function.definition not in self._entered:
                    self.enter(function, Arguments(complete=False), NO_CALL, instance)
                    return True
        return False

    def _methods_setting(self, definition: cst.ClassDef) -> Mapping[str, tuple[str, ...]]:
        if definition not in self._setters:
            self._setters[definition] = evaluation.methods_setting(definition)
        return self._setters[definition]

    # ---- what nothing calls ----------------------------------------------------------------------------------------

    def _run_uncalled(self) -> None:
        """What the file defines for others runs with its defaults; its other arguments are unknown."""
        for made in [one for one in self._classes if self.units.of(one.scope) is self.units.main]:
            if made.definition not in self._instances:
                self.policy = self._policies[made.definition]
                self._instances[made.definition] = Instance(made.definition, made)
                self.instantiate(made, Arguments(), NO_CALL)
        done = 0
        while done < len(self._functions):
            function = self._functions[done]
            done += 1
            if function.definition not in self._entered:
                self.policy = self._policies[function.definition]
                receiver = self._receiver(function)
                self.enter(function, Arguments(), NO_CALL, receiver)

    def _receiver(self, function: Function) -> Value | None:
        if function.owner is None or evaluation.has_decorator(function, "staticmethod"):
            return None
        if evaluation.has_decorator(function, "classmethod"):
            return function.owner
        return self._instances.get(function.owner.definition)

    # ---- sites -----------------------------------------------------------------------------------------------------

    def record(
        self,
        node: cst.Call,
        via: Literal["compile", "loss-call"],
        model: Value,
        prediction: Value,
        arguments: Arguments,
        loss: Value | None = None,
    ) -> None:
        self.sites.append(
            Site(
                node=node,
                via=via,
                model=model,
                prediction=prediction,
                arguments=arguments,
                loss=loss,
                world=self.world,
                calls=tuple(call for call in self.calls if call is not NO_CALL),
                policy=self.policy,
                in_unit_test=self._in_unit_test(),
                statement=self.statement,
                is_imported=self.units.is_importing,
            )
        )

    def _in_unit_test(self) -> bool:
        for frame in self.frames:
            function = frame.function
            if function is None:
                continue
            if function.name.startswith("test_"):
                return True
            if function.owner is not None and (self.library_base(function.owner) or "").endswith("TestCase"):
                return True
        return False

    def trace(self, function: Function, receiver: Value | None, arguments: Arguments, node: cst.Call) -> Value:
        """The tensor that a layer's or model's call method makes of its first argument."""
        first, *rest = arguments.positional or (Placeholder(node),)
        if isinstance(first, Missing | Constant) or data_library.stands_for_input(first):
            first = Placeholder(first.node)
        given = Arguments((first, *rest), arguments.keywords, arguments.complete)
        return self.frozen(self.enter(function, given, node, receiver))


UNFOLLOWED = "a call that is not followed"
"""The symbol of an operation by something unknown."""

NO_CALL = cst.Call(cst.Name("uncalled"))
"""Stands for the call of a function that nothing in the file calls."""


_STATEMENTS: dict[type[cst.CSTNode], Callable[..., Signal]] = {
    cst.SimpleStatementLine: Interpreter._run_line,
    cst.SimpleStatementSuite: Interpreter._run_line,
    cst.If: Interpreter._run_if,
    cst.For: Interpreter._run_for,
    cst.While: Interpreter._run_while,
    cst.With: Interpreter._run_with,
    cst.Try: Interpreter._run_try,
    cst.TryStar: Interpreter._run_try,
    cst.Match: Interpreter._run_match,
    cst.Expr: Interpreter._run_expression,
    cst.Assign: Interpreter._run_assign,
    cst.AnnAssign: Interpreter._run_annotated,
    cst.AugAssign: Interpreter._run_augmented,
    cst.Return: Interpreter._run_return,
    cst.Raise: Interpreter._run_raise,
    cst.Break: Interpreter._run_break,
    cst.Continue: Interpreter._run_continue,
    cst.Global: Interpreter._run_outer_names,
    cst.Nonlocal: Interpreter._run_outer_names,
    cst.Del: Interpreter._run_delete,
    cst.Import: Interpreter._run_import,
    cst.ImportFrom: Interpreter._run_import_from,
    cst.FunctionDef: Interpreter._define_function,
    cst.ClassDef: Interpreter._define_class,
}
