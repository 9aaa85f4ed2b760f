"""Whether a program uses the answer of an argmax as the number of one class, where a row of yes and no is of no use."""

from __future__ import annotations

from collections.abc import Collection

import libcst as cst

from mllint.fixes.rewriting.draft import Draft

TAKE_ONE_CLASS = frozenset({"int", "str", "inverse_transform", "get"})
"""Functions and methods that want a class number, and what they make of it is no figure."""


def is_wanted(draft: Draft, call: cst.Call) -> bool:
    """Whether the answer at a call is used as an index, or by a function that wants a class number."""
    if _picks(draft, call):
        return True
    for above in draft.program.ancestors(call):
        if isinstance(above, cst.For | cst.CompFor):
            return _any_picks(draft, call, _names_in(above.target))
        if isinstance(above, cst.Assign):
            return _any_picks(draft, call, {name for one in above.targets for name in _names_in(one.target)})
        if isinstance(above, cst.BaseSmallStatement):
            return False
    return False


def _any_picks(draft: Draft, at: cst.CSTNode, names: Collection[str]) -> bool:
    """Whether any of these names of the scope of `at`, or what is taken out of them in turn, is used as an index."""
    scope = draft.names.scope(at)
    found, waiting = set(names), True
    while waiting:
        waiting = False
        for node in draft.program.nodes():
            if isinstance(node, cst.For | cst.CompFor) and _mentions(node.iter, found):
                taken = _names_in(node.target) - found
                found, waiting = found | taken, waiting or bool(taken)
    uses = (one for one in draft.names.uses if one.value in found and draft.names.scope(one) is scope)
    return any(_picks(draft, one) for one in uses)


def _mentions(node: cst.CSTNode, names: Collection[str]) -> bool:
    if isinstance(node, cst.Name):
        return node.value in names
    return any(_mentions(child, names) for child in node.children)


def _names_in(target: cst.CSTNode) -> set[str]:
    if isinstance(target, cst.Name):
        return {target.value}
    elements = target.elements if isinstance(target, cst.Tuple | cst.List) else ()
    return {name for element in elements for name in _names_in(element.value)}


def _picks(draft: Draft, answer: cst.BaseExpression) -> bool:
    """names[i], names[answers[0]], names.get(i), encoder.inverse_transform(answers)."""
    for above in draft.program.ancestors(answer):
        if isinstance(above, cst.Index):
            return True
        if isinstance(above, cst.Call) and draft.program.code(above.func).rpartition(".")[2] in TAKE_ONE_CLASS:
            return above.func is not answer
        if isinstance(above, cst.BaseSmallStatement | cst.BaseCompoundStatement | cst.CompFor):
            return False
    return False
