"""Where the interpreter meets data: calls, attributes, items and operators of arrays, tables and data sets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import libcst as cst

from mllint.rules import knowledge
from mllint.source.arrays import elementwise, streams, tables
from mllint.source.arrays.array import Array, Dataset, Many, Table, Trait, array, of_values, unknown
from mllint.source.arrays.calls import DataCall, Effect, as_array, constant
from mllint.source.arrays.calls import number as as_number
from mllint.source.arrays.effects import table
from mllint.source.program.conditions import alternatives, simplify
from mllint.source.program.tree import names_in
from mllint.source.program.values import (
    Arguments,
    Choice,
    Constant,
    Items,
    ListObject,
    LossValue,
    Made,
    Method,
    Missing,
    Tensor,
    Value,
    new_reference,
)

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

EFFECTS: dict[str, Effect] = {**table.EFFECTS, **streams.EFFECTS, **tables.EFFECTS}

DATA = (Array, Table, Dataset, Many, tables.Rows, streams.Bunch)
"""Values whose attributes, methods and items are handled here."""

_PASSED_ON = frozenset(("tqdm.tqdm", "tqdm.auto.tqdm", "tqdm.notebook.tqdm", "tqdm.tqdm_notebook"))
_READERS = ("tf.data.TFRecordDataset", "tf.data.TextLineDataset", "tf.data.Dataset.list_files")
_GENERATORS = {"numpy.random.default_rng": "generator", "numpy.random.RandomState": "numpy.random"}
_IN_PLACE = frozenset(("fill", "put", "itemset", "resize", "partition", "setfield", "sort", "update"))
_CHANGING = """
    copyto fill_diagonal place put put_along_axis putmask
    add.at subtract.at multiply.at divide.at minimum.at maximum.at
"""
_WRITE_INTO_FIRST = frozenset(f"numpy.{name}" for name in _CHANGING.split())
_BINARY = """
    add subtract multiply divide true_divide floor_divide mod remainder fmod power minimum maximum fmin fmax bitwise_and
    bitwise_or bitwise_xor logical_and logical_or logical_xor equal not_equal less less_equal greater greater_equal
"""
_UNARY = "abs absolute ceil exp fabs floor invert log logical_not negative positive rint sign sqrt square tanh trunc"
_INPUTS = {
    **{f"numpy.{name}": 2 for name in _BINARY.split()},
    **{f"numpy.{name}": 1 for name in _UNARY.split()},
    "numpy.clip": 3,
}
"""How many arguments of a function are read; it writes into the one after them."""


@dataclass(slots=True)
class Fill:
    """What the program wrote into one array after it was made."""

    values: set[float]
    one_per_row: bool
    """Every write put a single 1 into a row."""
    node: cst.CSTNode
    reason: str | None = None
    """Why the contents are not known any more."""
    writer: int = 0
    """Reference of the array that was written into; 0 for several that share their memory."""
    memory: int = field(default_factory=new_reference)
    """What the array shares with those that are made of it afterwards."""
    replaced: frozenset[float] = frozenset()
    """The values in whose place others were written, wherever they stood."""


# ---- calls ---------------------------------------------------------------------------------------------------------


def call_symbol(run: Interpreter, name: str, arguments: Arguments, node: cst.Call) -> Value | None:
    """A call of a data function; None for any other."""
    _note_output(run, name, arguments, node)
    if name in _PASSED_ON and arguments.positional:
        return arguments.positional[0]
    if name in _GENERATORS or _is_encoder(name):
        return Made(node, name, arguments)
    if name in _READERS:
        return Dataset(node, Missing(node, "the records of a file"))
    if not knowledge.sections_of(name):
        return None
    found = knowledge.datasets().symbol(name)
    if found is not None:
        return streams.load(run, found, arguments, node)
    row = knowledge.data_functions().symbol(name)
    if row is None or not arguments.complete or _touches_tensors(run, arguments):
        return None
    return _distributed(run, arguments, lambda one: _apply(run, name, one, node))


def _note_output(run: Interpreter, name: str, arguments: Arguments, node: cst.Call) -> None:
    """Arrays that a function of NumPy writes into."""
    written = list(arguments.positional[:1]) if name in _WRITE_INTO_FIRST else []
    written.extend(arguments.positional[_INPUTS[name] :] if name in _INPUTS else ())
    if "out" in arguments.keywords:
        given = arguments.keywords["out"]
        written.extend(given.values if isinstance(given, Items) else (given,))
    for value in written:
        for one in alternatives(value):
            if isinstance(one, Array):
                spoil(run, one, node, f"changed by {name}()")


def _is_encoder(name: str) -> bool:
    """A class of scikit-learn or imbalanced-learn, whose fit, transform and split are known."""
    if name.startswith(("sklearn.", "imblearn.")):
        return name.rpartition(".")[2][:1].isupper()
    return name.endswith("ImageDataGenerator") and name.rpartition(".")[2] == "ImageDataGenerator"


def _apply(run: Interpreter, name: str, arguments: Arguments, node: cst.CSTNode) -> Value:
    row = knowledge.data_functions().symbol(name)
    assert row is not None
    return EFFECTS[row.effect](DataCall(run, node, row, arguments.positional, dict(arguments.keywords)))


def _touches_tensors(run: Interpreter, arguments: Arguments) -> bool:
    for value in (*arguments.positional, *arguments.keywords.values()):
        if isinstance(value, Tensor | LossValue):
            return True
        items = run.iterate(value) if isinstance(value, Items | ListObject) else None
        if items is not None and any(isinstance(item, Tensor) for item in items):
            return True
    return False


def _distributed(run: Interpreter, arguments: Arguments, use: Callable[[Arguments], Value]) -> Value:
    """`use` for every value that the first undecided argument may have."""
    for place, value in enumerate(arguments.positional):
        value = simplify(value, run.world)
        if isinstance(value, Choice):
            before, after = arguments.positional[:place], arguments.positional[place + 1 :]

            def with_chosen(one: Value, before: tuple[Value, ...] = before, after: tuple[Value, ...] = after) -> Value:
                return _distributed(run, Arguments((*before, one, *after), arguments.keywords), use)

            return run.each(value, with_chosen)
    return use(arguments)


def call_method(run: Interpreter, method: Method, arguments: Arguments, node: cst.Call) -> Value | None:
    """A method of data, or of something of scikit-learn or NumPy that makes data; None for any other."""
    receiver = method.receiver
    if isinstance(receiver, Array):
        _note_output(run, method.name, arguments, node)
    if isinstance(receiver, Made):
        return _call_made(run, receiver, method.name, arguments, node)
    if not isinstance(receiver, DATA):
        return None
    if isinstance(receiver, Array):
        if method.name in _IN_PLACE or "inplace" in arguments.keywords:
            spoil(run, receiver, node, f"changed by {method.name}()")
            return Constant(node, None)
        receiver = run.filled(receiver)
    name = f"{_prefix(receiver)}.{method.name}"
    row = knowledge.data_functions().symbol(name)
    if row is not None and arguments.complete and not _touches_tensors(run, arguments):
        given = Arguments((receiver, *arguments.positional), arguments.keywords)
        return _distributed(run, given, lambda one: _apply(run, name, one, node))
    if isinstance(receiver, Dataset):
        return Dataset(node, Missing(node, f"what {method.name}() makes of a data set is not known"))
    if isinstance(receiver, Array):
        return unknown(receiver, node, f"what {method.name}() makes of the labels is not known")
    if isinstance(receiver, Table) and "inplace" in arguments.keywords:
        tables.assign(run, receiver, None, Missing(node, ""), node)
    return Missing(node, f"what {method.name}() returns is not known")


def _prefix(receiver: Value) -> str:
    return {Table: "table", Dataset: "dataset"}.get(type(receiver), "array")


def _call_made(run: Interpreter, receiver: Made, name: str, arguments: Arguments, node: cst.Call) -> Value | None:
    generator = _GENERATORS.get(receiver.symbol)
    if generator is not None:
        symbol = f"{generator}.{name}"
        found = knowledge.data_functions().symbol(symbol) is not None and arguments.complete
        return _apply(run, symbol, arguments, node) if found else Missing(node, "random numbers")
    symbol = f"{receiver.symbol}.{name}"
    if name == "fit" and _is_encoder(receiver.symbol):
        source = as_array(run, arguments.positional[0]) if arguments.positional else None
        if source is not None and source.classes is not None:
            run.store.set((receiver.reference, "<classes>"), Constant(node, source.classes.value))
        return receiver
    if knowledge.data_functions().symbol(symbol) is None or not arguments.complete:
        return None
    given = Arguments((receiver, *arguments.positional), arguments.keywords)
    return _distributed(run, given, lambda one: _apply(run, symbol, one, node))


# ---- attributes ----------------------------------------------------------------------------------------------------


def attribute(run: Interpreter, receiver: Value, name: str, node: cst.CSTNode) -> Value | None:
    """An attribute of data; None where the name is a method's or the receiver is something else."""
    if isinstance(receiver, Array):
        return _attribute_of_array(run.filled(receiver), name, node)
    if isinstance(receiver, Table):
        found = tables.attribute(run, receiver, name, node)
        if found is not None or knowledge.data_functions().symbol(f"table.{name}") is not None:
            return found
        return None
    if isinstance(receiver, streams.Bunch):
        return receiver.part(name) or Missing(node, "a part of a data set that is not followed")
    if isinstance(receiver, Method) and receiver.name == "cat" and isinstance(receiver.receiver, Array):
        return _attribute_of_array(run.filled(receiver.receiver), name, node) if name == "codes" else None
    if isinstance(receiver, Made) and name == "classes_":
        seen = run.store.get((receiver.reference, "<classes>"))
        count = seen.value if isinstance(seen, Constant) and isinstance(seen.value, int) else None
        return array(node, None, (count,), classes=count, reason="the classes' names")
    return None


def _attribute_of_array(receiver: Array, name: str, node: cst.CSTNode) -> Value | None:
    if name == "shape":
        if receiver.rank is None:
            return Missing(node, "the shape of data that are not known")
        return Items(node, tuple(_number(node, size) for size in receiver.axes))
    if name == "ndim":
        return _number(node, receiver.rank + receiver.sample if receiver.rank is not None else None)
    if name in ("values", "array"):
        return receiver
    if name == "codes":
        classes = receiver.classes.value if receiver.classes is not None else None
        return elementwise.indices(node, classes, receiver.axes)
    if name == "T" and receiver.rank == 1:
        return receiver
    if name in ("T", "real", "flat", "str", "dt", "cat", "iloc", "loc", "index"):
        return unknown(receiver, node, f".{name} of the labels is not followed") if name == "T" else None
    if name in ("dtype", "size", "nbytes"):
        return Missing(node, f"the {name} of data is not followed")
    return None


def _number(node: cst.CSTNode, value: object) -> Value:
    return Constant(node, value) if isinstance(value, int) else Missing(node, "the size of data that are not known")


def length(run: Interpreter, value: Value) -> int | None:
    """len(value) of data."""
    found = as_array(run, value) if isinstance(value, Array) else None
    first = found.axes[0] if found is not None and found.axes else None
    return first if isinstance(first, int) else None


# ---- items ---------------------------------------------------------------------------------------------------------


def item(run: Interpreter, receiver: Value, node: cst.Subscript) -> Value | None:
    """`receiver[…]` of data; None for anything else."""
    if isinstance(receiver, Table):
        return tables.item(run, receiver, node)
    if isinstance(receiver, tables.Rows):
        return tables.located(run, receiver, node)
    if isinstance(receiver, streams.Bunch):
        key = constant(run, run.evaluate(_index_of(node)))
        return (receiver.part(key) if isinstance(key, str) else None) or Missing(node, "a part of a data set")
    if isinstance(receiver, Method) and isinstance(receiver.receiver, Array) and receiver.name in ("iloc", "loc"):
        receiver = receiver.receiver
    if isinstance(receiver, Dataset) and _has_index(node):
        return receiver.element
    if not isinstance(receiver, Array):
        return None
    pieces = tuple(elementwise.piece(run, one) for element in node.slice for one in _parts(element))
    return elementwise.index(run.filled(receiver), pieces, node)


def _parts(element: cst.SubscriptElement) -> list[cst.BaseSlice]:
    """y[(a, b)] is y[a, b]."""
    part = element.slice
    if isinstance(part, cst.Index) and isinstance(part.value, cst.Tuple):
        return [cst.Index(one.value) for one in part.value.elements]
    return [part]


def _has_index(node: cst.Subscript) -> bool:
    return len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index)


def assign_item(run: Interpreter, receiver: Value, target: cst.Subscript, value: Value) -> None:
    """`receiver[…] = value` of data."""
    if isinstance(receiver, Table):
        tables.assign(run, receiver, constant(run, run.evaluate(_index_of(target))), value, target)
    elif isinstance(receiver, tables.Rows):
        tables.assign_located(run, receiver.table, target, value)
    elif isinstance(receiver, Array):
        _fill(run, receiver, target, value)


def _index_of(target: cst.Subscript) -> cst.BaseExpression:
    part = target.slice[0].slice
    return part.value if isinstance(part, cst.Index) else cst.Name("None")


def spoil(run: Interpreter, changed: Array, node: cst.CSTNode, reason: str) -> None:
    _write(run, changed, Fill(set(), False, node, reason))


def _write(run: Interpreter, changed: Array, fill: Fill) -> None:
    """Remember what is in `changed` now, and that arrays with the same memory are not what they were."""
    before = run.fills.get(changed.reference)
    for memory in {changed.memory, before.memory if before is not None else changed.memory}:
        other = run.fills.get(memory)
        writer = changed.reference if other is None or other.writer == changed.reference else 0
        run.fills[memory] = Fill(set(), False, fill.node, "its memory is written into", writer)
    run.fills[changed.reference] = fill


def _written_elsewhere(run: Interpreter, value: Array) -> Fill | None:
    """The write into the memory of an array by way of another one."""
    own = run.fills.get(value.reference)
    for memory in (value.memory, own.memory if own is not None else value.memory):
        other = run.fills.get(memory)
        if other is not None and other.writer != value.reference:
            return other
    return None


def _fill(run: Interpreter, changed: Array, target: cst.Subscript, value: Value) -> None:
    before = run.fills.get(changed.reference)
    written = (
        Constant(None, int(value.value)) if isinstance(value, Constant) and value.value in (True, False) else value
    )
    number = as_number(written)
    once = run.world and not run.loops
    replaced = _replaced(run, changed, target)
    is_plain = replaced is None and _keeps_the_others(run, changed, target)
    if number is None or once or _written_elsewhere(run, changed) or not (is_plain or (replaced and before is None)):
        spoil(run, changed, target, "values are written into it")
        return
    fill = before or Fill(set(), True, target, replaced=replaced or frozenset())
    fill.values.add(number)
    again = before is None or before.node is target
    fill.one_per_row = fill.one_per_row and number == 1 and again and _one_per_row(run, changed, target)
    _write(run, changed, fill)


def _replaced(run: Interpreter, changed: Array, target: cst.Subscript) -> frozenset[float] | None:
    """The value that is in the array no more after y[y == 3] = 0; None for another way to write."""
    pick = target.slice[0].slice.value if isinstance(target.slice[0].slice, cst.Index) else None
    if len(target.slice) != 1 or not isinstance(pick, cst.Comparison) or not isinstance(pick.left, cst.Name):
        return None
    (first, *others) = pick.comparisons
    is_own = isinstance(target.value, cst.Name) and target.value.value == pick.left.value
    number = as_number(run.evaluate(first.comparator))
    if others or not is_own or not isinstance(first.operator, cst.Equal) or number is None:
        return None
    return frozenset({number}) if number in (changed.values or ()) else None


def _keeps_the_others(run: Interpreter, changed: Array, target: cst.Subscript) -> bool:
    """Whether what was there before is still there: where all was the same, some of it is, unless the rows are picked
    by it: y[y == 3] = 0."""
    own = set(names_in(target.value))
    picks = [one.slice.value for one in target.slice if isinstance(one.slice, cst.Index)]
    tests = (pick for pick in picks if isinstance(pick, cst.Comparison | cst.BinaryOperation))
    return len(changed.values or ()) == 1 and not any(own <= set(names_in(test)) for test in tests)


def _one_per_row(run: Interpreter, changed: Array, target: cst.Subscript) -> bool:
    """Whether target is y[rows, class ids], in one step or row by row."""
    if changed.rank != 2 or len(target.slice) != 2:
        return False
    rows, column = (run.evaluate(one.slice.value) if isinstance(one.slice, cst.Index) else None for one in target.slice)
    ids = as_array(run, column) if column is not None else None
    if ids is None or ids.kind not in ("integer", "binary"):
        return False
    if ids.sample:
        return ids.rank == 0
    counted = as_array(run, rows) if rows is not None else None
    return ids.rank == 1 and counted is not None and counted.rank == 1


def filled(run: Interpreter, value: Array) -> Array:
    """The array with what the program wrote into it."""
    fill = _written_elsewhere(run, value) or run.fills.get(value.reference)
    if fill is None:
        return value
    if fill.reason is not None or value.values is None:
        return replace(value, encoding=None, values=None, classes=None, low=None, high=None, reason=fill.reason or "")
    if fill.one_per_row and value.values == {0}:
        width = value.axes[-1]
        classes = Trait(width, value.node) if isinstance(width, int) else None
        return replace(
            value,
            encoding=Trait("one-hot", fill.node),
            classes=classes,
            values=None,
            high=Trait(1.0, fill.node),
            memory=fill.memory,
        )
    values = frozenset((value.values - fill.replaced) | fill.values)
    if len(fill.values) > 1 and not value.values <= fill.values:
        values = frozenset()  # whether anything of the first values is left is not seen
    if not values:
        return replace(value, encoding=None, values=None, classes=None, low=None, high=None, reason="written anew")
    made = of_values(fill.node, values, value.axes)
    return replace(made, shape=value.shape, identity=value.identity, reference=value.reference, memory=fill.memory)


def has_items(value: Value) -> bool:
    """Whether the value, or one that it may be, is data to be indexed."""
    return any(
        isinstance(one, DATA) or (isinstance(one, Method) and isinstance(one.receiver, Array))
        for one in alternatives(value)
    )


# ---- operators -----------------------------------------------------------------------------------------------------


def is_data(value: Value) -> bool:
    return isinstance(value, Array | Table)


def operate(run: Interpreter, operator: str, left: Value, right: Value, node: cst.CSTNode) -> Value:
    result = elementwise.operate(run, operator, left, right, node)
    if isinstance(node, cst.AugAssign) and isinstance(left, Array) and not (left.sample and left.rank == 0):
        spoil(run, left, node, "computed with in place")
        if isinstance(result, Array):
            return replace(result, reference=new_reference(), memory=new_reference())
    return result


def compare(run: Interpreter, left: Value, right: Value, node: cst.CSTNode) -> Value:
    return elementwise.compare(run, left, right, node)


def stands_for_input(value: Value) -> bool:
    """Whether a layer called on the value sees data, not a symbolic tensor."""
    return isinstance(value, Array | Table | Many | Dataset)
