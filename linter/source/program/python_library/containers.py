"""Lists and dicts as the interpreter holds them: read, made, extended, and frozen as they are now."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from mllint.source.program.conditions import alternatives, choose, simplify
from mllint.source.program.values import (
    Choice,
    Constant,
    DictObject,
    Entries,
    Items,
    ListObject,
    Missing,
    Value,
)

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

LONGEST = 256
"""Longest range or sequence whose items are looked at."""
NO_DICT = "a dict that is not known"


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


def without(known: Entries, key: Hashable, node: cst.CSTNode) -> Entries:
    """The entries but for that of a key."""
    return Entries(node, {name: one for name, one in known.values.items() if name != key}, known.complete)
