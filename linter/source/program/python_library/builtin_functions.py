"""Functions of Python itself: builtins, functools, importlib."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import libcst as cst

from mllint.source.arrays.array import Many
from mllint.source.program import unseen
from mllint.source.program.python_library.containers import LONGEST, entries, iterate, new_dict
from mllint.source.program.values import (
    Arguments,
    Bound,
    Class,
    Constant,
    Entries,
    Function,
    Instance,
    Items,
    ListObject,
    LossValue,
    Made,
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

EXITS = "the program ends here"

Handler = Callable[["Interpreter", Arguments, cst.Call], Value]


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
