"""Methods of lists, dicts and strings."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import libcst as cst

from mllint.source.program.python_library.containers import entries, extend, iterate, new_dict, without
from mllint.source.program.values import (
    Arguments,
    Constant,
    DictObject,
    Entries,
    Items,
    ListObject,
    Method,
    Missing,
    Value,
)

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


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
