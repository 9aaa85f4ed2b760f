"""Displays and comprehensions: tuples, lists, sets and dicts as they are written."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import libcst as cst

from mllint.source.arrays import streams
from mllint.source.arrays.array import Many
from mllint.source.program import assignment
from mllint.source.program.python_library import containers
from mllint.source.program.values import Constant, DictObject, Entries, Items, ListObject, Missing, OneOf, Value

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


def evaluate_tuple(run: Interpreter, node: cst.Tuple | cst.Set) -> Value:
    values = _elements(run, node.elements)
    return Items(node, tuple(values)) if values is not None else Missing(node, "a sequence that is not known")


def evaluate_list(run: Interpreter, node: cst.List) -> Value:
    values = _elements(run, node.elements)
    return run.new_list(node, values) if values is not None else ListObject(node)


def _elements(run: Interpreter, elements: Any) -> list[Value] | None:
    values: list[Value] = []
    for element in elements:
        value = run.evaluate(element.value)
        if type(element) is cst.StarredElement:
            items = run.iterate(value)
            if items is None:
                return None
            values.extend(items)
        else:
            values.append(value)
    return values


def evaluate_dict(run: Interpreter, node: cst.Dict) -> Value:
    entries: dict[Any, Value] = {}
    complete = True
    for element in node.elements:
        if isinstance(element, cst.StarredDictElement):
            other = containers.entries(run, run.evaluate(element.value))
            if other is None or not other.complete:
                entries.clear()  # what is not known may replace any of them
                complete = False
            entries.update(other.values if other is not None else {})
            continue
        assert isinstance(element, cst.DictElement)
        key, value = run.evaluate(element.key), run.evaluate(element.value)
        if isinstance(key, Constant) and isinstance(key.value, Hashable):
            entries[key.value] = value
        else:
            complete = False
    return containers.new_dict(run, node, Entries(node, entries, complete))


def evaluate_comprehension(run: Interpreter, node: cst.ListComp | cst.GeneratorExp | cst.SetComp) -> Value:
    loop = node.for_in
    iterable = run.evaluate(loop.iter)
    grown = containers.grown_items(run, iterable)
    items = run.iterate(iterable) if grown is None else grown
    element = streams.element_of(run, iterable) if items is None else None
    if element is not None and not loop.ifs and loop.inner_for_in is None:
        assignment.assign(run, loop.target, element)
        return Many(node, run.evaluate(node.elt))
    if items is None and isinstance(node.elt, cst.Subscript) and not loop.ifs and loop.inner_for_in is None:
        return _looked_up(run, node)
    if items is None or len(items) > containers.LONGEST or loop.inner_for_in is not None:
        return ListObject(node)
    values = []
    for item in items:
        assignment.assign(run, loop.target, item)
        kept = [run.decide(test.test) for test in loop.ifs]
        if all(keep is True for keep in kept):
            values.append(run.evaluate(node.elt))
        elif not any(keep is False for keep in kept):
            return ListObject(node)
    return run.new_list(node, values) if grown is None else containers.new_grown_list(run, node, values)


def _looked_up(run: Interpreter, node: cst.ListComp | cst.GeneratorExp | cst.SetComp) -> Value:
    """[ids[name] for name in names]: where the names are not known, one of the entries for each of them."""
    assignment.assign(run, node.for_in.target, Missing(node.for_in.iter, "changes in a loop"))
    item = run.evaluate(node.elt)
    return Many(node, item) if isinstance(item, OneOf) else ListObject(node)


def evaluate_dict_comprehension(run: Interpreter, node: cst.DictComp) -> Value:
    items = run.iterate(run.evaluate(node.for_in.iter))
    if items is None or len(items) > containers.LONGEST or node.for_in.inner_for_in or node.for_in.ifs:
        return DictObject(node)
    entries: dict[Any, Value] = {}
    complete = True
    for item in items:
        assignment.assign(run, node.for_in.target, item)
        key = run.evaluate(node.key)
        if isinstance(key, Constant) and isinstance(key.value, Hashable):
            entries[key.value] = run.evaluate(node.value)
        else:
            complete = False
    return containers.new_dict(run, node, Entries(node, entries, complete))
