"""Expressions: a node of the tree becomes an abstract value."""

from __future__ import annotations

import ast
import operator as python_operator
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import libcst as cst

from mllint.source.arrays import library as data_library
from mllint.source.arrays import streams
from mllint.source.arrays.array import Many
from mllint.source.program import assignment, classes, functions, instances, keras_library, python_library
from mllint.source.program.conditions import Condition, Decision, choose, simplify
from mllint.source.program.values import (
    Arguments,
    Bound,
    Choice,
    Class,
    Constant,
    DictObject,
    Entries,
    Function,
    Instance,
    Items,
    ListObject,
    LossValue,
    Made,
    Method,
    Missing,
    Model,
    Namespace,
    Operation,
    Super,
    Symbol,
    Tensor,
    Value,
)
from mllint.source.reading.decodings import note_comparison
from mllint.source.reading.fits import Score, Scores
from mllint.source.text.syntax import quietly

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

LARGEST = 10_000
"""Longest string or sequence and largest exponent that is computed."""


def evaluate(run: Interpreter, node: cst.BaseExpression) -> Value:
    """The value of an expression; Missing with a reason where the interpreter does not follow it."""
    evaluator = _EXPRESSIONS.get(type(node))
    if evaluator is None:
        return Missing(node, f"{type(node).__name__} expressions are not followed")
    return evaluator(run, node)


# ---- literals ----------------------------------------------------------------------------------------------------


def _literal(run: Interpreter, node: cst.Integer | cst.Float | cst.SimpleString | cst.ConcatenatedString) -> Value:
    value = _concatenated(node) if isinstance(node, cst.ConcatenatedString) else _evaluated(node.value)
    return Constant(node, value) if value is not None else Missing(node, "a string that is built at run time")


@lru_cache(maxsize=4096)
def _evaluated(text: str) -> Any:
    with quietly():
        return ast.literal_eval(text)


def _concatenated(node: cst.ConcatenatedString) -> Any:
    with quietly():
        return node.evaluated_value


def _formatted(run: Interpreter, node: cst.FormattedString) -> Value:
    text = ""
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            text += part.value
            continue
        assert isinstance(part, cst.FormattedStringExpression)
        value = evaluate(run, part.expression)
        if not isinstance(value, Constant) or part.format_spec is not None or part.conversion is not None:
            return Missing(node, "a string that is built at run time")
        text += str(value.value)
    return Constant(node, text)


def _tuple(run: Interpreter, node: cst.Tuple | cst.Set) -> Value:
    values = _elements(run, node.elements)
    return Items(node, tuple(values)) if values is not None else Missing(node, "a sequence that is not known")


def _list(run: Interpreter, node: cst.List) -> Value:
    values = _elements(run, node.elements)
    return run.new_list(node, values) if values is not None else ListObject(node)


def _elements(run: Interpreter, elements: Any) -> list[Value] | None:
    values: list[Value] = []
    for element in elements:
        value = evaluate(run, element.value)
        if isinstance(element, cst.StarredElement):
            items = run.iterate(value)
            if items is None:
                return None
            values.extend(items)
        else:
            values.append(value)
    return values


def _dict(run: Interpreter, node: cst.Dict) -> Value:
    entries: dict[Any, Value] = {}
    complete = True
    for element in node.elements:
        if isinstance(element, cst.StarredDictElement):
            other = python_library.entries(run, evaluate(run, element.value))
            if other is None or not other.complete:
                entries.clear()  # what is not known may replace any of them
                complete = False
            entries.update(other.values if other is not None else {})
            continue
        assert isinstance(element, cst.DictElement)
        key, value = evaluate(run, element.key), evaluate(run, element.value)
        if isinstance(key, Constant) and isinstance(key.value, Hashable):
            entries[key.value] = value
        else:
            complete = False
    return python_library.new_dict(run, node, Entries(node, entries, complete))


def _comprehension(run: Interpreter, node: cst.ListComp | cst.GeneratorExp | cst.SetComp) -> Value:
    loop = node.for_in
    iterable = evaluate(run, loop.iter)
    items = run.iterate(iterable)
    element = streams.element_of(run, iterable) if items is None else None
    if element is not None and not loop.ifs and loop.inner_for_in is None:
        assignment.assign(run, loop.target, element)
        return Many(node, evaluate(run, node.elt))
    if items is None or len(items) > python_library.LONGEST or loop.inner_for_in is not None:
        return ListObject(node)
    values = []
    for item in items:
        assignment.assign(run, loop.target, item)
        kept = [run.decide(test.test) for test in loop.ifs]
        if all(keep is True for keep in kept):
            values.append(evaluate(run, node.elt))
        elif not any(keep is False for keep in kept):
            return ListObject(node)
    return run.new_list(node, values)


def _dict_comprehension(run: Interpreter, node: cst.DictComp) -> Value:
    items = run.iterate(evaluate(run, node.for_in.iter))
    if items is None or len(items) > python_library.LONGEST or node.for_in.inner_for_in or node.for_in.ifs:
        return DictObject(node)
    entries: dict[Any, Value] = {}
    complete = True
    for item in items:
        assignment.assign(run, node.for_in.target, item)
        key = evaluate(run, node.key)
        if isinstance(key, Constant) and isinstance(key.value, Hashable):
            entries[key.value] = evaluate(run, node.value)
        else:
            complete = False
    return python_library.new_dict(run, node, Entries(node, entries, complete))


# ---- names and attributes ------------------------------------------------------------------------------------------


def _name(run: Interpreter, node: cst.Name) -> Value:
    if node.value in ("True", "False", "None"):
        return Constant(node, {"True": True, "False": False, "None": None}[node.value])
    value = run.lookup(node.value)
    if isinstance(value, Symbol) and isinstance(value.node, cst.Import | cst.ImportFrom | None):
        return Symbol(node, value.name)  # what a program imports, it writes where it uses it
    if value is not None:
        return value
    if node.value == "__name__":
        return Constant(node, run.units.of(run.frames[-1].scope).name)
    if f"builtins.{node.value}" in python_library.FUNCTIONS:
        return Symbol(node, f"builtins.{node.value}")
    if node.value in keras_library.UNIMPORTED:
        return Symbol(node, keras_library.UNIMPORTED[node.value])
    return Missing(node, f"{node.value} is not defined in this file")


def _attribute(run: Interpreter, node: cst.Attribute) -> Value:
    receiver = evaluate(run, node.value)
    return run.each(receiver, lambda one: attribute(run, one, node.attr.value, node))


def attribute(run: Interpreter, receiver: Value, name: str, node: cst.CSTNode) -> Value:
    """`receiver.name`."""
    if isinstance(receiver, Symbol):
        return Symbol(node, f"{receiver.name}.{name}")
    if isinstance(receiver, Namespace):
        found = run.units.attribute(receiver, name, node)
        return simplify(found, run.world) if found is not None else run.units.unknown(receiver, name, node)
    if isinstance(receiver, Instance):
        return _attribute_of_instance(run, receiver, name, node)
    if isinstance(receiver, Class):
        return classes.find_attribute(run, receiver, name) or Missing(node, f"{receiver.name}.{name} is not known")
    if isinstance(receiver, Super):
        return _attribute_of_super(run, receiver, name, node)
    if isinstance(receiver, Missing):
        # A method of something unknown may still be a compile call, so the name is kept.
        return Method(node, receiver, name)
    reference = getattr(receiver, "reference", None)
    stored = run.store.get((reference, name)) if reference is not None and name not in ("output", "<items>") else None
    if stored is not None:
        return simplify(stored, run.world)
    found = data_library.attribute(run, receiver, name, node) or keras_library.attribute(run, receiver, name, node)
    return found or Method(node, receiver, name)


def _attribute_of_instance(run: Interpreter, receiver: Instance, name: str, node: cst.CSTNode) -> Value:
    found = classes.find_attribute(run, receiver.type, name)
    if isinstance(found, Function):
        if has_decorator(found, "property"):
            return functions.enter(run, found, Arguments(), cst.Call(cst.Name(name)), receiver)
        return found if has_decorator(found, "staticmethod") else Bound(node, found, receiver)
    own = instances.attribute_of_instance(run, receiver, name)
    if own is not None:
        return own
    if found is not None:
        return found
    return keras_library.attribute(run, receiver, name, node) or Method(node, receiver, name)


def _attribute_of_super(run: Interpreter, receiver: Super, name: str, node: cst.CSTNode) -> Value:
    for base in receiver.owner.bases:
        base = simplify(base, run.world)
        if isinstance(base, Class):
            found = classes.find_attribute(run, base, name)
            if isinstance(found, Function):
                return Bound(node, found, receiver.receiver)
    return Method(node, receiver, name)


def _subscript(run: Interpreter, node: cst.Subscript) -> Value:
    receiver = evaluate(run, node.value)
    index = node.slice[0].slice if len(node.slice) == 1 else None
    if isinstance(receiver, Tensor):
        return Operation(node, "operator.getitem", Arguments((receiver,)))
    if data_library.has_items(receiver):
        return run.each(receiver, lambda one: _item_of_data(run, one, node))
    if not isinstance(index, cst.Index):
        return _slice(run, receiver, index, node)
    key = evaluate(run, index.value)
    if isinstance(receiver, Scores) and isinstance(key, Constant) and isinstance(key.value, int):
        return Score(node, receiver.model, key.value)
    return run.each(receiver, lambda one: item(run, one, key, node))


def _item_of_data(run: Interpreter, receiver: Value, node: cst.Subscript) -> Value:
    found = data_library.item(run, receiver, node)
    return found if found is not None else Missing(node, "an item of something that is not known")


def _slice(run: Interpreter, receiver: Value, index: cst.BaseSlice | None, node: cst.Subscript) -> Value:
    items = run.iterate(receiver)
    if items is None or not isinstance(index, cst.Slice):
        return Missing(node, "a slice of something that is not known")
    written = (index.lower, index.upper, index.step)
    bounds = [evaluate(run, bound) if bound is not None else Constant(None, None) for bound in written]
    numbers: list[Any] = [bound.value if isinstance(bound, Constant) else ... for bound in bounds]
    if not all(number is None or isinstance(number, int) for number in numbers) or numbers[2] == 0:
        return Missing(node, "a slice with bounds that are not known")
    return Items(node, items[slice(*numbers)])


def item(run: Interpreter, receiver: Value, key: Value, node: cst.CSTNode) -> Value:
    """`receiver[key]`."""
    if not isinstance(key, Constant):
        return Missing(node, "an item under a key that is not known")
    entries = python_library.entries(run, receiver)
    if entries is not None:
        found = entries.values.get(key.value) if isinstance(key.value, Hashable) else None
        return found if found is not None else Missing(node, f"the item {key.value!r} is not known")
    items = run.iterate(receiver)
    if items is not None and isinstance(key.value, int) and -len(items) <= key.value < len(items):
        return items[key.value]
    if isinstance(receiver, Constant) and isinstance(receiver.value, str) and isinstance(key.value, int):
        return Constant(node, receiver.value[key.value : key.value + 1 or None])
    return Missing(node, "an item of something that is not known")


def assign_item(run: Interpreter, target: cst.Subscript, value: Value) -> None:
    """`receiver[key] = value`."""
    receiver = evaluate(run, target.value)
    index = target.slice[0].slice if len(target.slice) == 1 else None
    if data_library.has_items(receiver):
        run.each(receiver, lambda one: _assign_data(run, one, target, value))
        return
    key = evaluate(run, index.value) if isinstance(index, cst.Index) else Missing(target, "a slice")
    if isinstance(receiver, DictObject):
        known = python_library.entries(run, receiver)
        if isinstance(key, Constant) and isinstance(key.value, Hashable) and known is not None:
            state = Entries(target, {**known.values, key.value: value}, known.complete)
        else:
            state = Entries(target, dict(known.values) if known is not None else {}, complete=False)
        run.store.set((receiver.reference, "<items>"), state)
    elif isinstance(receiver, ListObject):
        items = run.iterate(receiver)
        if (
            items is not None
            and isinstance(key, Constant)
            and isinstance(key.value, int)
            and -len(items) <= key.value < len(items)
        ):
            changed = list(items)
            changed[key.value] = value
            run.store.set((receiver.reference, "<items>"), Items(target, tuple(changed)))
        else:
            run.store.set((receiver.reference, "<items>"), Missing(target, "a list that is changed by index"))


def _assign_data(run: Interpreter, receiver: Value, target: cst.Subscript, value: Value) -> Value:
    data_library.assign_item(run, receiver, target, value)
    return value


# ---- operators -------------------------------------------------------------------------------------------------------

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "Add": python_operator.add,
    "Subtract": python_operator.sub,
    "Multiply": python_operator.mul,
    "Divide": python_operator.truediv,
    "FloorDivide": python_operator.floordiv,
    "Modulo": python_operator.mod,
    "Power": python_operator.pow,
    "MatrixMultiply": python_operator.matmul,
    "BitAnd": python_operator.and_,
    "BitOr": python_operator.or_,
    "BitXor": python_operator.xor,
    "LeftShift": python_operator.lshift,
    "RightShift": python_operator.rshift,
}
_COMPARISONS: dict[type[cst.BaseCompOp], Callable[[Any, Any], Any]] = {
    cst.Equal: python_operator.eq,
    cst.NotEqual: python_operator.ne,
    cst.Is: python_operator.eq,
    cst.IsNot: python_operator.ne,
    cst.LessThan: python_operator.lt,
    cst.LessThanEqual: python_operator.le,
    cst.GreaterThan: python_operator.gt,
    cst.GreaterThanEqual: python_operator.ge,
    cst.In: lambda left, right: left in right,
    cst.NotIn: lambda left, right: left not in right,
}


def operate(run: Interpreter, operator: str, left: Value, right: Value, node: cst.CSTNode) -> Value:
    """`left operator right`; `operator` is the name of the LibCST operator class."""
    if isinstance(left, Constant) and isinstance(right, Constant):
        return _compute(operator, left.value, right.value, node)
    if isinstance(left, LossValue) or isinstance(right, LossValue):
        return keras_library.operate_on_loss(operator, left, right, node)
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        return Operation(node, f"operator.{_BINARY[operator].__name__.strip('_')}", Arguments((left, right)))
    if data_library.is_data(left) or data_library.is_data(right):
        return data_library.operate(run, operator, left, right, node)
    if operator == "Multiply" and isinstance(right, Constant) and isinstance(right.value, int):
        repeated = run.iterate(left) if isinstance(left, ListObject | Items) else None
        if repeated is not None and len(repeated) * right.value <= LARGEST:
            return run.new_list(node, repeated * right.value)
    if operator == "Add":
        first, second = run.iterate(left), run.iterate(right)
        if first is not None and second is not None:
            joined = (*first, *second)
            return run.new_list(node, joined) if isinstance(left, ListObject) else Items(node, joined)
    return Missing(node, "a computation on something that is not known")


def _compute(operator: str, left: Any, right: Any, node: cst.CSTNode) -> Value:
    sizes = [abs(side) if isinstance(side, int | float) else len(side) for side in (left, right) if _is_sized(side)]
    large = max(sizes, default=0) > LARGEST
    text = not isinstance(left, int | float) or not isinstance(right, int | float)
    product = sizes[0] * sizes[1] if len(sizes) == 2 else 0
    if (operator in ("Power", "LeftShift") and large) or (operator == "Multiply" and text and product > LARGEST):
        return Missing(node, "a value too large to compute")
    try:
        return Constant(node, _BINARY[operator](left, right))
    except (TypeError, ValueError, ArithmeticError):
        return Missing(node, "a computation that fails")


def _is_sized(value: Any) -> bool:
    return isinstance(value, int | float | str | bytes)


def _binary(run: Interpreter, node: cst.BinaryOperation) -> Value:
    left, right = evaluate(run, node.left), evaluate(run, node.right)
    return operate(run, type(node.operator).__name__, left, right, node)


def _unary(run: Interpreter, node: cst.UnaryOperation) -> Value:
    if isinstance(node.operator, cst.Not):
        return _truth(run, node)
    value = evaluate(run, node.expression)
    if isinstance(value, Constant) and isinstance(value.value, int | float):
        return Constant(node, -value.value if isinstance(node.operator, cst.Minus) else value.value)
    if isinstance(value, Tensor) and isinstance(node.operator, cst.Minus):
        return Operation(node, "operator.neg", Arguments((value,)))
    return Missing(node, "a computation on something that is not known")


def _comparison(run: Interpreter, node: cst.Comparison) -> Value:
    """`a == b`: a truth value, or for data and tensors one for each of their numbers."""
    if len(node.comparisons) > 1:
        return _truth(run, node)
    target = node.comparisons[0]
    left, right = evaluate(run, node.left), evaluate(run, target.comparator)
    elementwise = not isinstance(target.operator, cst.Is | cst.IsNot | cst.In | cst.NotIn)
    if elementwise and (isinstance(left, Tensor) or isinstance(right, Tensor)):
        note_comparison(run, left, target.operator, right, node)
        return Operation(node, "operator.compare", Arguments((left, right)))
    if elementwise and (data_library.is_data(left) or data_library.is_data(right)):
        return data_library.compare(run, left, right, node)
    return _as_truth(node, _decide_comparison(run, node, target, left, right))


def _truth(run: Interpreter, node: cst.BaseExpression) -> Value:
    """The value of `not a` and `a == b`: a constant, or a choice between True and False."""
    return _as_truth(node, run.decide(node))


def _as_truth(node: cst.BaseExpression, decision: Decision) -> Value:
    if isinstance(decision, bool):
        return Constant(node, decision)
    condition, polarity = decision
    return choose(condition, Constant(node, polarity), Constant(node, not polarity))


def _boolean(run: Interpreter, node: cst.BooleanOperation) -> Value:
    """`a or b` is one of its operands, not a truth value."""
    left = run.decide(node.left)
    stops_at = isinstance(node.operator, cst.Or)
    if isinstance(left, bool):
        return evaluate(run, node.left if left == stops_at else node.right)
    condition, polarity = left
    first, second = evaluate(run, node.left), evaluate(run, node.right)
    return choose(condition, first, second) if polarity == stops_at else choose(condition, second, first)


def _conditional(run: Interpreter, node: cst.IfExp) -> Value:
    results: dict[bool, Value] = {}

    def side(key: bool, expression: cst.BaseExpression) -> Callable[[], None]:
        def evaluate_side() -> None:
            results[key] = evaluate(run, expression)

        return evaluate_side

    decision = run.decide(node.test)
    run.fork(decision, side(True, node.body), side(False, node.orelse))
    if len(results) == 1:
        return next(iter(results.values()))
    assert not isinstance(decision, bool)
    condition, polarity = decision
    return choose(condition, results[polarity], results[not polarity])


# ---- truth -----------------------------------------------------------------------------------------------------------


def decide(run: Interpreter, node: cst.BaseExpression) -> Decision:
    """Whether an expression is true: known, or a condition of the program."""
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        decision = decide(run, node.expression)
        return not decision if isinstance(decision, bool) else (decision[0], not decision[1])
    if isinstance(node, cst.Comparison):
        if len(node.comparisons) > 1:
            return _condition(run, identity(run, node), None, node), True
        target = node.comparisons[0]
        left, right = evaluate(run, node.left), evaluate(run, target.comparator)
        note_comparison(run, left, target.operator, right, node)
        return _decide_comparison(run, node, target, left, right)
    if isinstance(node, cst.BooleanOperation):
        return _decide_boolean(run, node)
    return _decide_value(run, evaluate(run, node), node)


def _decide_boolean(run: Interpreter, node: cst.BooleanOperation) -> Decision:
    left = run.decide(node.left)
    stops_at = isinstance(node.operator, cst.Or)
    if isinstance(left, bool):
        return left if left == stops_at else run.decide(node.right)
    right = run.decide(node.right)
    if isinstance(right, bool):
        return right if right == stops_at else left
    return _condition(run, identity(run, node), None, node), True


def _decide_comparison(
    run: Interpreter, node: cst.Comparison, target: cst.ComparisonTarget, left: Value, right: Value
) -> Decision:
    compare = _COMPARISONS.get(type(target.operator))
    none = isinstance(right, Constant) and right.value is None
    if compare is not None:
        known = _compare(run, compare, left, right)
        if known is not None:
            return known
    if none and not isinstance(left, Missing | Choice):
        return isinstance(target.operator, cst.NotEqual | cst.IsNot)
    equality = isinstance(target.operator, cst.Equal | cst.Is | cst.NotEqual | cst.IsNot)
    if equality and isinstance(right, Constant) and isinstance(right.value, Hashable):
        decision = _decide_choice(run, left, lambda side: _compare(run, python_operator.eq, side, right))
        if decision is None:
            decision = _condition(run, identity(run, node.left), repr(right.value), node), True
        polarity = isinstance(target.operator, cst.Equal | cst.Is)
        if isinstance(decision, bool):
            return decision == polarity
        return decision[0], decision[1] == polarity
    return _condition(run, identity(run, node), None, node), True


def _compare(run: Interpreter, compare: Callable[[Any, Any], Any], left: Value, right: Value) -> bool | None:
    try:
        if isinstance(left, Constant) and isinstance(right, Constant):
            return bool(compare(left.value, right.value))
        items = run.iterate(right) if isinstance(left, Constant) else None
        if items is not None and all(isinstance(one, Constant) for one in items):
            return bool(compare(left.value, tuple(one.value for one in items)))  # type: ignore[attr-defined]
    except TypeError:
        return None
    return None


def _decide_value(run: Interpreter, value: Value, node: cst.BaseExpression) -> Decision:
    known = _truth_of(run, value)
    if known is not None:
        return known
    decision = _decide_choice(run, value, lambda side: _truth_of(run, side))
    return decision if decision is not None else (_condition(run, identity(run, node), None, node), True)


def _decide_choice(run: Interpreter, value: Value, test: Callable[[Value], bool | None]) -> Decision | None:
    """A flag that was set by a condition is that condition."""
    if not isinstance(value, Choice):
        return None
    then, otherwise = (test(simplify(side, run.world)) for side in (value.then, value.otherwise))
    if then is None or otherwise is None:
        return None
    return then if then == otherwise else (value.condition, then)


def _truth_of(run: Interpreter, value: Value) -> bool | None:
    if isinstance(value, Constant):
        return bool(value.value)
    if isinstance(value, Function | Class | Instance | Made | Model | Bound | Symbol | Namespace):
        return True
    items = run.iterate(value)
    return bool(items) if items is not None else None


def _condition(run: Interpreter, subject: Hashable, constant: Hashable, node: cst.CSTNode) -> Condition:
    return Condition(subject, constant, code(node), tuple(_names_read(run, node)))


def identity(run: Interpreter, node: cst.BaseExpression) -> Hashable:
    """What an expression reads: the same for two expressions that must have the same value."""
    if isinstance(node, cst.Name):
        value = run.lookup(node.value)
        if value is not None:
            return id(value)
    if isinstance(node, cst.Attribute):
        value = evaluate(run, node)
        if isinstance(value, Missing | Choice):
            return id(value)
    return code(node), tuple(id(value) for value in _names_read(run, node))


def _names_read(run: Interpreter, node: cst.CSTNode) -> Iterator[Value]:
    for name in _names_in(node):
        value = run.lookup(name)
        if value is not None:
            yield value


@lru_cache(maxsize=4096)
def _names_in(node: cst.CSTNode) -> tuple[str, ...]:
    names = [node.value] if isinstance(node, cst.Name) else []
    for child in node.children:
        names.extend(_names_in(child))
    return tuple(dict.fromkeys(names))


_EMPTY = cst.Module([])


@lru_cache(maxsize=8192)
def code(node: cst.CSTNode) -> str:
    """The source of a node on one line."""
    return " ".join(_EMPTY.code_for_node(node).split())


# ---- calls -----------------------------------------------------------------------------------------------------------


def _call(run: Interpreter, node: cst.Call) -> Value:
    if isinstance(node.func, cst.Name) and node.func.value == "super" and run.lookup("super") is None:
        return _super(run, node)
    function = evaluate(run, node.func)
    return run.call(function, arguments(run, node), node)


def _super(run: Interpreter, node: cst.Call) -> Value:
    for frame in reversed(run.frames):
        if frame.function is not None and frame.function.owner is not None and frame.receiver is not None:
            return Super(node, frame.function.owner, frame.receiver)
    return Missing(node, "super() outside a method")


def arguments(run: Interpreter, node: cst.Call) -> Arguments:
    """The evaluated arguments of a call, * and ** unpacked where they are known."""
    positional: list[Value] = []
    keywords: dict[str, Value] = {}
    complete = True
    for argument in node.args:
        value = evaluate(run, argument.value)
        if argument.star == "*":
            items = run.iterate(value)
            complete = complete and items is not None
            positional.extend(items or ())
        elif argument.star == "**":
            entries = python_library.entries(run, value)
            complete = complete and entries is not None and entries.complete
            keywords.update({k: v for k, v in (entries.values if entries else {}).items() if isinstance(k, str)})
        elif argument.keyword is not None:
            keywords[argument.keyword.value] = value
        else:
            positional.append(value)
    return Arguments(tuple(positional), keywords, complete)


def _lambda(run: Interpreter, node: cst.Lambda) -> Value:
    return Function(node, node, run.frames[-1].scope, functions.defaults(run, node.params))


def _walrus(run: Interpreter, node: cst.NamedExpr) -> Value:
    value = evaluate(run, node.value)
    assignment.assign(run, node.target, value)
    return value


def _yield(run: Interpreter, node: cst.Yield) -> Value:
    if node.value is not None:
        inner = node.value.item if isinstance(node.value, cst.From) else node.value
        yielded = evaluate(run, inner)
        if isinstance(node.value, cst.From):
            yielded = streams.element_of(run, yielded) or Missing(node, "what another generator yields")
        run.frames[-1].yields.append(run.frozen(yielded))
    return Missing(node, "what a generator is sent")


# ---- reading the tree ------------------------------------------------------------------------------------------------


def dotted_name(node: cst.BaseExpression) -> str:
    """a.b.c as text."""
    if isinstance(node, cst.Attribute):
        return f"{dotted_name(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""


def has_decorator(function: Function, name: str) -> bool:
    decorators = getattr(function.definition, "decorators", ())
    return any(dotted_name(decorator.decorator).rpartition(".")[2] == name for decorator in decorators)


@lru_cache(maxsize=1024)
def assigned_names(body: cst.CSTNode) -> tuple[str, ...]:
    """Names that plain and augmented assignments in the body write to, nested functions left out."""
    names: list[str] = []
    if isinstance(body, cst.AssignTarget | cst.AugAssign) and isinstance(body.target, cst.Name):
        names.append(body.target.value)
    if not isinstance(body, cst.FunctionDef | cst.ClassDef | cst.BaseExpression):
        for child in body.children:
            names.extend(assigned_names(child))
    return tuple(dict.fromkeys(names))


def methods_setting(definition: cst.ClassDef) -> dict[str, tuple[str, ...]]:
    """The attributes that the methods of a class assign to self, with the names of the methods that do."""
    methods: dict[str, list[str]] = {}
    for method in definition.body.body:
        if isinstance(method, cst.FunctionDef):
            for attribute in dict.fromkeys(_set_in(method.body)):
                methods.setdefault(attribute, []).append(method.name.value)
    return {attribute: tuple(names) for attribute, names in methods.items()}


def _set_in(block: cst.CSTNode) -> Iterator[str]:
    """The attributes of self that the plain assignments of a block write to, nested functions included."""
    if isinstance(block, cst.Assign):
        for assigned in block.targets:
            target = assigned.target
            for one in [element.value for element in target.elements] if isinstance(target, cst.Tuple) else [target]:
                if isinstance(one, cst.Attribute) and dotted_name(one.value) == "self":
                    yield one.attr.value
    for part in _STATEMENT_PARTS:
        inner = getattr(block, part, None)
        for statement in inner if isinstance(inner, Sequence) else (inner,):
            if isinstance(statement, cst.CSTNode):
                yield from _set_in(statement)


_STATEMENT_PARTS = ("body", "orelse", "handlers", "finalbody", "cases")
"""The fields of compound statements that hold other statements."""


_EXPRESSIONS: dict[type[cst.CSTNode], Callable[..., Value]] = {
    cst.Integer: _literal,
    cst.Float: _literal,
    cst.SimpleString: _literal,
    cst.ConcatenatedString: _literal,
    cst.FormattedString: _formatted,
    cst.Tuple: _tuple,
    cst.Set: _tuple,
    cst.List: _list,
    cst.Dict: _dict,
    cst.ListComp: _comprehension,
    cst.GeneratorExp: _comprehension,
    cst.SetComp: _comprehension,
    cst.DictComp: _dict_comprehension,
    cst.Name: _name,
    cst.Attribute: _attribute,
    cst.Subscript: _subscript,
    cst.BinaryOperation: _binary,
    cst.UnaryOperation: _unary,
    cst.BooleanOperation: _boolean,
    cst.Comparison: _comparison,
    cst.IfExp: _conditional,
    cst.Call: _call,
    cst.Lambda: _lambda,
    cst.NamedExpr: _walrus,
    cst.Yield: _yield,
    cst.Await: lambda run, node: evaluate(run, node.expression),
    cst.Ellipsis: lambda run, node: Constant(node, ...),
}
