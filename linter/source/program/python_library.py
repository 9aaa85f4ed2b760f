"""What the interpreter knows of Python itself: builtins, containers, functools."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any

import libcst as cst

from mllint.source.arrays.array import Many
from mllint.source.program import unseen
from mllint.source.program.conditions import alternatives, choose, simplify
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
    Nested,
    Partial,
    Symbol,
    Value,
)

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

LONGEST = 256
"""Longest range or sequence whose items are looked at."""

EXITS = "the program ends here"
NO_DICT = "a dict that is not known"

Handler = Callable[["Interpreter", Arguments, cst.Call], Value]


# ---- containers ------------------------------------------------------------------------------------------------------


def iterate(run: Interpreter, value: Value) -> tuple[Value, ...] | None:
    """The items of a sequence; None where they are not known."""
    value = simplify(value, run.world)
    if isinstance(value, Items):
        return value.values
    if isinstance(value, ListObject):
        state = run.items(value)
        return state.values if isinstance(state, Items) else None
    if isinstance(value, DictObject):
        known = entries(run, value)
        return (
            tuple(Constant(value.node, key) for key in known.values) if known is not None and known.complete else None
        )
    if isinstance(value, Constant) and isinstance(value.value, str) and len(value.value) <= LONGEST:
        return tuple(Constant(value.node, letter) for letter in value.value)
    return None


def grown_items(run: Interpreter, value: Value) -> tuple[Value, ...] | None:
    """What the rounds of a loop put into a list, on any path, each once; None for any other value."""
    value = simplify(value, run.world)
    state = run.store.get((value.reference, "<items>")) if isinstance(value, ListObject) else None
    if state is None or not isinstance(value, ListObject) or value.reference not in run.grown:
        return None
    found: dict[Value, None] = {}
    for one in alternatives(state):
        if not isinstance(one, Items):
            return None
        found.update(dict.fromkeys(one.values))
    return tuple(found)


def new_grown_list(run: Interpreter, node: cst.CSTNode | None, items: Sequence[Value]) -> ListObject:
    """A list of as many of such items as there may be."""
    made = run.new_list(node, items)
    run.grown.add(made.reference)
    return made


def entries(run: Interpreter, value: Value) -> Entries | None:
    """The entries of a dict; None where nothing is known of them."""
    value = simplify(value, run.world)
    if isinstance(value, Entries):
        return value
    if isinstance(value, DictObject):
        state = run.store.get((value.reference, "<items>"))
        state = simplify(state, run.world) if state is not None else None
        return state if isinstance(state, Entries) else None
    return None


def new_dict(run: Interpreter, node: cst.CSTNode | None, state: Entries) -> DictObject:
    made = DictObject(node)
    run.store.set((made.reference, "<items>"), state)
    return made


def freeze(run: Interpreter, value: Value, inside: frozenset[int] = frozenset()) -> Value:
    """The value with the present state of its lists and dicts in their place; `inside` are those it is part of."""
    return _frozen(run, value, inside, {})


def _frozen(run: Interpreter, value: Value, inside: frozenset[int], done: dict[Value, Value]) -> Value:
    """`done` holds what the values beside it came to: choices share their sides."""
    value = simplify(value, run.world)
    if value not in done:
        done[value] = _freeze(run, value, inside, done)
    return done[value]


def _freeze(run: Interpreter, value: Value, inside: frozenset[int], done: dict[Value, Value]) -> Value:
    if isinstance(value, Choice):
        then, otherwise = (_frozen(run, side, inside, done) for side in (value.then, value.otherwise))
        return choose(value.condition, then, otherwise)
    if isinstance(value, ListObject | DictObject):
        if value.reference in inside:
            return Missing(value.node, "a container that holds itself")
        state = run.items(value) if isinstance(value, ListObject) else entries(run, value)
        return freeze(run, state or Missing(value.node, NO_DICT), inside | {value.reference})
    if isinstance(value, Items):
        return Items(value.node, tuple(_frozen(run, one, inside, done) for one in value.values))
    if isinstance(value, Entries):
        frozen = {key: _frozen(run, one, inside, done) for key, one in value.values.items()}
        return Entries(value.node, frozen, value.complete)
    return value


def extend(run: Interpreter, receiver: ListObject, more: Value) -> None:
    run.note_growth(receiver)
    items, added = iterate(run, receiver), iterate(run, more)
    if items is not None and added is not None:
        state: Value = Items(receiver.node, (*items, *added))
    else:
        state = Missing(receiver.node, "a list that is extended by something that is not known")
    run.store.set((receiver.reference, "<items>"), state)


# ---- methods ---------------------------------------------------------------------------------------------------------


def call_method(run: Interpreter, method: Method, arguments: Arguments, node: cst.Call) -> Value | None:
    """A method of a list, dict or string; None for any other receiver."""
    receiver = method.receiver
    if isinstance(receiver, ListObject):
        return _call_list(run, receiver, method.name, arguments, node)
    if isinstance(receiver, DictObject):
        return _call_dict(run, receiver, method.name, arguments, node)
    if isinstance(receiver, Constant) and isinstance(receiver.value, str):
        return _call_string(receiver.value, method.name, arguments, node)
    return None


def _call_list(run: Interpreter, receiver: ListObject, name: str, arguments: Arguments, node: cst.Call) -> Value:
    items = iterate(run, receiver)
    state: Value
    result: Value = Constant(node, None)
    if name == "append" and arguments.positional:
        run.note_growth(receiver)
        added = arguments.positional[0]
        state = Items(node, (*items, added)) if items is not None else Missing(node, "a list that is not known")
    elif name == "extend" and arguments.positional:
        extend(run, receiver, arguments.positional[0])
        return result
    elif name == "pop" and items and not arguments.positional:
        state, result = Items(node, items[:-1]), items[-1]
    elif name == "copy" and items is not None:
        return run.new_list(node, items)
    elif name in ("index", "count"):
        found = _position(run, receiver, arguments, node) if name == "index" else None
        return found or Missing(node, f"list.{name}() is not followed")
    else:
        state, result = Missing(node, f"a list changed by {name}()"), Missing(node, f"list.{name}() is not followed")
    run.store.set((receiver.reference, "<items>"), state)
    return result


def _position(run: Interpreter, receiver: ListObject, arguments: Arguments, node: cst.Call) -> Value | None:
    """list.index() of a constant among constants; None for anything else."""
    items = iterate(run, receiver) if receiver.reference not in run.grown else None
    wanted = arguments.positional[0] if len(arguments.positional) == 1 and arguments.complete else None
    written = [one.value for one in items or () if isinstance(one, Constant)]
    if not isinstance(wanted, Constant) or len(written) != len(items or ()) or wanted.value not in written:
        return None
    return Constant(node, written.index(wanted.value))


def _call_dict(run: Interpreter, receiver: DictObject, name: str, arguments: Arguments, node: cst.Call) -> Value:
    known = entries(run, receiver)
    if name == "update":
        added = entries(run, arguments.positional[0]) if arguments.positional else Entries(None, {})
        is_known = added is not None and added.complete and arguments.complete
        kept = known.values if known is not None and is_known else {}  # what is not known may replace any of them
        merged = {**kept, **(added.values if added else {}), **arguments.keywords}
        complete = known is not None and known.complete and is_known
        run.store.set((receiver.reference, "<items>"), Entries(node, merged, complete))
        return Constant(node, None)
    result = _result(run, known, name, arguments, node)
    if name not in _READING_METHODS:
        run.store.set((receiver.reference, "<items>"), _left(known, name, arguments, node))
    return result


_READING_METHODS = frozenset(
    {
        *("get", "items", "values", "keys", "copy", "fromkeys", "move_to_end"),
        *("iteritems", "itervalues", "iterkeys", "has_key", "__contains__", "__getitem__", "__len__"),
    }
)
"""Methods that leave a dict as it is, also an ordered one and those of Python 2."""


def _result(run: Interpreter, known: Entries | None, name: str, arguments: Arguments, node: cst.Call) -> Value:
    """What a method of a dict returns."""
    if name == "clear":
        return Constant(node, None)
    if known is None or not known.complete:
        return Missing(node, f"{name}() of a dict that is not known")
    if name in ("get", "pop", "setdefault") and arguments.positional:
        key = _key(arguments)
        if key is None:
            return Missing(node, "an item under a key that is not known")
        return known.values.get(key.value) or _default(arguments, node)
    if name == "items":
        return Items(node, tuple(Items(node, (Constant(v.node, k), v)) for k, v in known.values.items()))
    if name == "values":
        return Items(node, tuple(known.values.values()))
    if name == "keys":
        return Items(node, tuple(Constant(v.node, k) for k, v in known.values.items()))
    if name == "copy":
        return new_dict(run, node, known)
    return Missing(node, f"dict.{name}() is not followed")


def _left(known: Entries | None, name: str, arguments: Arguments, node: cst.Call) -> Entries:
    """What is in a dict after a method has changed it; nothing is known after one that is not followed."""
    if name == "clear":
        return Entries(node, {})
    key = _key(arguments)
    if known is None or key is None or name not in ("pop", "setdefault"):
        return Entries(node, {}, complete=False)
    if name == "pop":
        return without(known, key.value, node)
    added = {key.value: _default(arguments, node)} if known.complete else {}
    return Entries(node, {**added, **known.values}, known.complete)


def without(known: Entries, key: Hashable, node: cst.CSTNode) -> Entries:
    """The entries but for that of a key."""
    return Entries(node, {name: one for name, one in known.values.items() if name != key}, known.complete)


def _key(arguments: Arguments) -> Constant | None:
    key = arguments.positional[0] if arguments.positional else None
    return key if isinstance(key, Constant) and isinstance(key.value, Hashable) else None


def _default(arguments: Arguments, node: cst.Call) -> Value:
    return arguments.positional[1] if len(arguments.positional) > 1 else Constant(node, None)


_STRING_METHODS = ("lower", "upper", "strip", "format", "join", "replace", "title", "capitalize", "split")


def _call_string(text: str, name: str, arguments: Arguments, node: cst.Call) -> Value:
    values = [one.value if isinstance(one, Constant) else None for one in arguments.positional]
    if name not in _STRING_METHODS or None in values or arguments.keywords or not arguments.complete:
        return Missing(node, "a string that is built at run time")
    try:
        result = getattr(text, name)(*values)
    except (TypeError, ValueError, IndexError, KeyError):
        return Missing(node, "a string that is built at run time")
    if isinstance(result, list):
        return Items(node, tuple(Constant(node, part) for part in result))
    return Constant(node, result)


# ---- functions -------------------------------------------------------------------------------------------------------


def _length(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    from mllint.source.arrays import library as data_library

    if not arguments.positional:
        return Missing(node, "a length that is not known")
    items = iterate(run, arguments.positional[0])
    grown = isinstance(arguments.positional[0], ListObject) and arguments.positional[0].reference in run.grown
    length = len(items) if items is not None and not grown else data_library.length(run, arguments.positional[0])
    return Constant(node, length) if length is not None else Missing(node, "a length that is not known")


def _range(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    bounds = [one.value if isinstance(one, Constant) else None for one in arguments.positional]
    if not bounds or len(bounds) > 3 or not all(isinstance(bound, int) for bound in bounds):
        return Missing(node, "a range that is not known")
    try:
        numbers = range(*bounds)  # type: ignore[arg-type]
    except ValueError:
        return Missing(node, "a range that fails")
    if len(numbers) > LONGEST:
        return Missing(node, "a range too long to follow")
    return Items(node, tuple(Constant(node, number) for number in numbers))


def _new_list(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    if not arguments.positional:
        return run.new_list(node, ())
    items = iterate(run, arguments.positional[0])
    return run.new_list(node, items) if items is not None else ListObject(node)


def _new_tuple(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    items = iterate(run, arguments.positional[0]) if arguments.positional else ()
    return Items(node, items) if items is not None else Missing(node, "a tuple that is not known")


def _new_dict(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    given = entries(run, arguments.positional[0]) if arguments.positional else Entries(None, {})
    complete = given is not None and given.complete and arguments.complete
    kept = given.values if given is not None and arguments.complete else {}  # what is not known may replace any of them
    return new_dict(run, node, Entries(node, {**kept, **arguments.keywords}, complete))


def _element(run: Interpreter, value: Value) -> Value | None:
    """What a loop over data yields."""
    from mllint.source.arrays import streams

    return streams.element_of(run, value)


def _iter(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    return arguments.positional[0] if arguments.positional else Missing(node, "an iterator of nothing")


def _next(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    element = _element(run, arguments.positional[0]) if arguments.positional else None
    return element if element is not None else Missing(node, "the next of something that is not known")


def _zip(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    columns = [iterate(run, one) for one in arguments.positional]
    if columns and all(column is None for column in columns):
        elements = [_element(run, one) for one in arguments.positional]
        if any(one is not None for one in elements):
            unknown = Missing(node, "an item of something that is not known")
            return Many(node, Items(node, tuple(one if one is not None else unknown for one in elements)))
    rows = zip(*(column for column in columns if column is not None), strict=False)
    if None in columns:
        return Missing(node, "zip() of something that is not known")
    return Items(node, tuple(Items(node, row) for row in rows))


def _enumerate(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    items = iterate(run, arguments.positional[0]) if arguments.positional else None
    start = arguments.get("start", 1)
    first = start.value if isinstance(start, Constant) and isinstance(start.value, int) else 0
    if items is None:
        element = _element(run, arguments.positional[0]) if arguments.positional else None
        if element is not None:
            return Many(node, Items(node, (Missing(node, "an item's number"), element)))
        return Missing(node, "enumerate() of something that is not known")
    return Items(node, tuple(Items(node, (Constant(node, i), one)) for i, one in enumerate(items, first)))


def _reversed(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    items = iterate(run, arguments.positional[0]) if arguments.positional else None
    return Items(node, items[::-1]) if items is not None else Missing(node, "reversed() of something not known")


def _computed(function: Callable[..., Any]) -> Handler:
    """A function of constants: int("3"), max(1, 2)."""

    def handle(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
        unknown = Missing(node, f"{function.__name__}() of something that is not known")
        values = []
        for one in arguments.positional:
            items = iterate(run, one) if not isinstance(one, Constant) else None
            if items is not None and all(isinstance(item, Constant) for item in items):
                values.append([item.value for item in items])  # type: ignore[attr-defined]
            elif isinstance(one, Constant):
                values.append(one.value)
            else:
                return unknown
        try:
            return Constant(node, function(*values)) if not arguments.keywords and values else unknown
        except (TypeError, ValueError, ArithmeticError):
            return unknown

    return handle


def _get_attribute(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    from mllint.source.program.expressions import names

    receiver, name = arguments.get("object", 0), arguments.get("name", 1)
    if receiver is None or not isinstance(name, Constant) or not isinstance(name.value, str):
        return Missing(node, "getattr() with a name that is not known")
    return names.attribute(run, receiver, name.value, node)


def _set_attribute(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    receiver, name, value = (arguments.get("", position) for position in range(3))
    reference = getattr(receiver, "reference", None)
    if isinstance(receiver, Class):
        reference = receiver.scope
    if receiver is None or value is None:
        return Constant(node, None)
    if not isinstance(name, Constant) or not isinstance(name.value, str):
        unseen.forget(run, receiver, "it may have been changed by setattr()", node)
        return Constant(node, None)
    if isinstance(receiver, Namespace):
        run.units.before_write(receiver, name.value)
    if reference is not None:
        run.store.set((reference, name.value), value)
    return Constant(node, None)


def _module_names(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    """globals(), locals() and vars(object): who asks for them writes into them."""
    owner = arguments.get("object", 0)
    if owner is None:
        run.units.write_unknown_here()
    else:
        unseen.forget(run, owner, "it may have been changed by vars()", node)
    return Missing(node, "the names of a module or an object")


def _local_names(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    """locals(), which in a function is nothing that could be written into."""
    is_function = run.frames[-1].function is not None
    return Missing(node, "the names of a function") if is_function else _module_names(run, arguments, node)


def _execute(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    """exec(): it writes names into the module that runs it."""
    run.units.write_unknown_here()
    return Missing(node, "what exec() does is not followed")


def _import_module(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    name = arguments.get("name", 0)
    found = None
    if isinstance(name, Constant) and isinstance(name.value, str):
        found = run.units.module_called(name.value, node)
    return found or Missing(node, "a module that is imported by a name that is not known")


def _is_instance(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    value, kind = arguments.get("", 0), arguments.get("", 1)
    name = kind.name if isinstance(kind, Symbol) else None
    if isinstance(value, Constant) and name in ("builtins.str", "builtins.int", "builtins.float", "builtins.bool"):
        return Constant(node, type(value.value).__name__ == name.removeprefix("builtins."))
    if isinstance(value, ListObject | Items) and name in ("builtins.list", "builtins.tuple"):
        return Constant(node, isinstance(value, ListObject) == (name == "builtins.list"))
    if isinstance(value, Made | Model | Function | Class | Instance | Bound | Nested | LossValue) and name in (
        "builtins.str",
        "builtins.int",
        "builtins.list",
        "builtins.dict",
    ):
        return Constant(node, False)
    return Missing(node, "isinstance() of something that is not known")


def _partial(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    if not arguments.positional:
        return Missing(node, "partial() of something that is not known")
    function, *rest = arguments.positional
    return Partial(node, function, Arguments(tuple(rest), arguments.keywords, arguments.complete))


def _nothing(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    return Constant(node, None)


def _exit(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    return Missing(node, EXITS)


FUNCTIONS: dict[str, Handler] = {
    "builtins.len": _length,
    "builtins.iter": _iter,
    "builtins.next": _next,
    "builtins.range": _range,
    "builtins.list": _new_list,
    "builtins.tuple": _new_tuple,
    "builtins.set": _new_tuple,
    "builtins.dict": _new_dict,
    "builtins.zip": _zip,
    "builtins.enumerate": _enumerate,
    "builtins.reversed": _reversed,
    "builtins.getattr": _get_attribute,
    "builtins.setattr": _set_attribute,
    "builtins.globals": _module_names,
    "builtins.locals": _local_names,
    "builtins.vars": _module_names,
    "builtins.exec": _execute,
    "importlib.import_module": _import_module,
    "builtins.isinstance": _is_instance,
    "builtins.print": _nothing,
    "builtins.exit": _exit,
    "builtins.quit": _exit,
    "sys.exit": _exit,
    "os._exit": _exit,
    "functools.partial": _partial,
    **{f"builtins.{f.__name__}": _computed(f) for f in (int, float, str, bool, max, min, sum, abs, round)},
}
