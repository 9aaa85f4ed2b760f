"""Subscripts: items and slices, read and assigned."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import libcst as cst

from mllint.source.arrays import library as data_library
from mllint.source.program import unseen
from mllint.source.program.python_library import containers
from mllint.source.program.values import (
    Arguments,
    Constant,
    DictObject,
    Entries,
    Items,
    ListObject,
    Missing,
    OneOf,
    Operation,
    Symbol,
    Tensor,
    Value,
)
from mllint.source.reading.fits import Score, Scores

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


def evaluate_subscript(run: Interpreter, node: cst.Subscript) -> Value:
    receiver = run.evaluate(node.value)
    index = node.slice[0].slice if len(node.slice) == 1 else None
    if isinstance(receiver, Tensor):
        return Operation(node, "operator.getitem", Arguments((receiver,)))
    if data_library.has_items(receiver):
        return run.each(receiver, lambda one: _item_of_data(run, one, node))
    if not isinstance(index, cst.Index):
        return _slice(run, receiver, index, node)
    key = run.evaluate(index.value)
    if isinstance(receiver, Scores) and isinstance(key, Constant) and isinstance(key.value, int):
        return Score(node, receiver.model, key.value)
    return run.each(receiver, lambda one: item(run, one, key, node))


def _item_of_data(run: Interpreter, receiver: Value, node: cst.Subscript) -> Value:
    found = data_library.item(run, receiver, node)
    return found if found is not None else Missing(node, "an item of something that is not known")


def _slice(run: Interpreter, receiver: Value, index: cst.BaseSlice | None, node: cst.Subscript) -> Value:
    grown = containers.grown_items(run, receiver)
    if grown is not None and isinstance(index, cst.Slice):
        return containers.new_grown_list(run, node, grown)
    items = run.iterate(receiver)
    if items is None or not isinstance(index, cst.Slice):
        return Missing(node, "a slice of something that is not known")
    written = (index.lower, index.upper, index.step)
    bounds = [run.evaluate(bound) if bound is not None else Constant(None, None) for bound in written]
    numbers: list[Any] = [bound.value if isinstance(bound, Constant) else ... for bound in bounds]
    if not all(number is None or isinstance(number, int) for number in numbers) or numbers[2] == 0:
        return Missing(node, "a slice with bounds that are not known")
    return Items(node, items[slice(*numbers)])


def item(run: Interpreter, receiver: Value, key: Value, node: cst.CSTNode) -> Value:
    """`receiver[key]`."""
    if not isinstance(key, Constant):
        return _one_of_the_entries(run, receiver, node) or Missing(node, "an item under a key that is not known")
    if isinstance(receiver, Symbol) and receiver.name == "sys.modules":
        module = run.units.module_called(key.value, node) if isinstance(key.value, str) else None
        return module or Missing(node, f"the module {key.value} is not known")
    entries = containers.entries(run, receiver)
    if entries is not None:
        found = entries.values.get(key.value) if isinstance(key.value, Hashable) else None
        return found if found is not None else Missing(node, f"the item {key.value!r} is not known")
    items = run.iterate(receiver)
    if items is not None and isinstance(key.value, int) and -len(items) <= key.value < len(items):
        return items[key.value]
    if isinstance(receiver, Constant) and isinstance(receiver.value, str) and isinstance(key.value, int):
        return Constant(node, receiver.value[key.value : key.value + 1 or None])
    return Missing(node, "an item of something that is not known")


def _one_of_the_entries(run: Interpreter, receiver: Value, node: cst.CSTNode) -> Value | None:
    """What any key of a dict of numbers leads to; None for anything else."""
    known = containers.entries(run, receiver)
    if known is None or not known.complete:
        return None
    numbers = [one.value for one in known.values.values() if isinstance(one, Constant)]
    if len(numbers) != len(known.values) or not all(type(one) in (int, float) for one in numbers):
        return None
    values = frozenset(map(float, numbers))
    return OneOf(node, "an item under a key that is not known", values) if len(values) > 1 else None


def assign_item(run: Interpreter, target: cst.Subscript, value: Value) -> None:
    """`receiver[key] = value`."""
    receiver = run.evaluate(target.value)
    index = target.slice[0].slice if len(target.slice) == 1 else None
    if data_library.has_items(receiver):
        run.each(receiver, lambda one: _assign_data(run, one, target, value))
        return
    key = run.evaluate(index.value) if isinstance(index, cst.Index) else Missing(target, "a slice")
    if isinstance(receiver, DictObject):
        known = containers.entries(run, receiver)
        if isinstance(key, Constant) and isinstance(key.value, Hashable) and known is not None:
            state = Entries(target, {**known.values, key.value: value}, known.complete)
        else:
            unseen.forget(run, receiver, "it may have been changed under a key that is not known", target)
            known = containers.entries(run, receiver)
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


def delete_item(run: Interpreter, target: cst.Subscript) -> None:
    """`del receiver[key]`."""
    receiver = run.evaluate(target.value)
    index = target.slice[0].slice if len(target.slice) == 1 else None
    key = run.evaluate(index.value) if isinstance(index, cst.Index) else None
    if isinstance(receiver, DictObject):
        known = containers.entries(run, receiver)
        if known is not None and isinstance(key, Constant) and isinstance(key.value, Hashable):
            state = containers.without(known, key.value, target)
        else:
            state = Entries(target, {}, complete=False)
        run.store.set((receiver.reference, "<items>"), state)
    elif isinstance(receiver, ListObject):
        run.store.set((receiver.reference, "<items>"), Missing(target, "a list that items are deleted from"))


def _assign_data(run: Interpreter, receiver: Value, target: cst.Subscript, value: Value) -> Value:
    data_library.assign_item(run, receiver, target, value)
    return value
