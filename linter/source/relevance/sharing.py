"""Which parts of a file see objects that others see too.

What a function makes for itself, and nobody calls with anything else, changes nothing for the others: a test of a
layer sets attributes of its own layers. Shared are the variables of the file, the instance that the methods of a class
are run on, classes that are more than called, defaults that all calls of a function see, and what a function is given.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Final

from mllint.source.relevance import words
from mllint.source.relevance.names import Names
from mllint.source.relevance.parts import Part
from mllint.source.relevance.syntax import FUNCTIONS, FunctionNode, is_constant, last_name, root

IMPLICIT: Final = re.compile(r"__\w+__|call")
"""Methods that are called without being named."""
_CLASS_HEAD: Final = re.compile(r"\bclass\s+\w+\s*\([^()]*\)")


class Sharing:
    """`callees` are the definitions that each part names; `is_open` says of each whether it sees what others see."""

    def __init__(self, parts: Sequence[Part], names: Names) -> None:
        self._parts = parts
        self._names = names
        dotted = words.with_dot(names.defined)
        self.callees = [self._named_in(part, dotted) for part in parts]
        self._callers: dict[str, list[int]] = {}
        for place, callees in enumerate(self.callees):
            for name in callees:
                self._callers.setdefault(name, []).append(place)
        self._used: dict[int, set[str] | None] = {}
        self.is_open = self._opened(self._reaching_out())

    def _named_in(self, part: Part, dotted: frozenset[str]) -> set[str]:
        in_class = part.function is None and part.owner is not None
        alone = part.words & (self._names.defined.keys() if in_class else self._names.callable)
        return (alone - part.local) | {word[1:] for word in part.words & dotted}

    # ---- by variables, classes and defaults ------------------------------------------------------------------------

    def _reaching_out(self) -> list[bool]:
        """Which parts see what is shared, by themselves or in what they call, but for their own instances."""
        handed = [self._handed_on(place) for place in range(len(self._parts))]
        classes: set[str] = set().union(*handed)
        found = [False] * len(self._parts)
        waiting = [place for place in range(len(self._parts)) if self._reaches(place, handed[place], classes)]
        while waiting:
            place = waiting.pop()
            if found[place]:
                continue
            found[place] = True
            part = self._parts[place]
            if part.name:
                waiting += self._callers.get(part.name, ())
            if part.owner is not None and part.function is not None:
                waiting.append(part.owner)
        return found

    def _reaches(self, place: int, handed: set[str], classes: set[str]) -> bool:
        part = self._parts[place]
        if self._names.imports_own_files:
            return True
        if part.is_class:
            members = [self._parts[one] for one in self._names.members.get(place, ())]
            return part.name in classes or any(map(_changes_class, members))
        if handed or not (part.words & self._names.variables) <= part.local:
            return True
        if part.function is None:
            return False
        return shares_defaults(part) or bool(
            self.callees[place]
            and not part.words.isdisjoint(words.BY_NAME_WORDS)
            and _changes_by_computed_names(part, self._names.known)
        )

    def _handed_on(self, place: int) -> set[str]:
        """The classes of the file with which a part does more than to make instances."""
        part = self._parts[place]
        if part.is_class:
            return set()
        classes = {
            name
            for name in self.callees[place] & part.words
            if any(self._parts[one].is_class for one in self._names.defined[name])
        }
        text = _CLASS_HEAD.sub("", part.text) if classes else ""
        return {name for name in classes if re.search(rf"(?<![\w.]){name}\b(?!\s*\()", text) or not text}

    # ---- by the instance that a method has -------------------------------------------------------------------------

    def _opened(self, outward: list[bool]) -> list[bool]:
        shared = {*words.OF_MODELS, *self._names.variables}
        for part in self._parts:
            shared |= part.own if part.function is not None else part.stored
        found = [False] * len(self._parts)
        left = list(range(len(self._parts)))
        while left:
            opened = [place for place in left if outward[place] or self._is_given(place) or self._uses(place, shared)]
            if not opened:
                break
            for place in opened:
                found[place] = True
                shared |= self._parts[place].stored | {self._parts[place].name}
            left = [place for place in left if not found[place]]
        return found

    def _is_given(self, place: int) -> bool:
        """Whether a part is no function, or one that others of the file may call."""
        part = self._parts[place]
        if part.function is None or IMPLICIT.fullmatch(part.name):
            return True
        return any(one != place for one in self._callers.get(part.name, ()))

    def _uses(self, place: int, shared: set[str]) -> bool:
        """Whether a method sees one of these attributes of its instance, or all of it."""
        if place not in self._used:
            self._used[place] = _used_attributes(self._parts[place])
        used = self._used[place]
        return used is None or not used.isdisjoint(shared)


def _changes_class(member: Part) -> bool:
    """Whether what stands in the body of a class is shared by its instances, and may change."""
    return not (member.name or member.constant) or (member.is_classmethod and bool(member.stored))


def shares_defaults(part: Part) -> bool:
    """Whether a default of a function is an object that every call of it sees."""
    assert part.function is not None
    parameters = part.function.args
    given = [*parameters.defaults, *(one for one in parameters.kw_defaults if one is not None)]
    return not all(is_constant(one) or isinstance(one, ast.Name | ast.Attribute | ast.Lambda) for one in given)


def _changes_by_computed_names(part: Part, known: set[str]) -> bool:
    """Whether it reads or writes attributes, of something else than what it made itself, under names that are not
    written in it; `known` are the names of the file."""
    harmless: set[ast.AST] = set()
    for one in part.nodes():
        if isinstance(one, ast.Call) and last_name(one.func) in ("getattr", "setattr") and len(one.args) > 1:
            owner = root(one.args[0])
            is_own = isinstance(owner, ast.Name) and (owner.id not in known or owner.id in part.local)
            if isinstance(one.args[1], ast.Constant) or is_own:
                harmless.add(one.func)
        elif isinstance(one, ast.Attribute | ast.Name) and one not in harmless and last_name(one) in words.BY_NAME:
            return True
    return False


def _used_attributes(part: Part) -> set[str] | None:
    """The attributes of its own instance that a method names; None where the instance itself is passed on."""
    if part.function is None or part.owner is None:
        return set()
    if part.receiver is None:
        return set() if part.is_static else None
    after_head = part.text.partition(":")[2]
    used: set[str] = set(re.findall(rf"\b{part.receiver}\b(?:\s*\.\s*(\w+))?", after_head))
    if "" not in used and part.words.isdisjoint(("class", "super")):
        return used
    return _used_outside_classes(part)


def _used_outside_classes(part: Part) -> set[str] | None:
    used: set[str] = set()
    passed: set[ast.AST] = set()
    for one in _outside_classes(part):
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == part.receiver:
            used.add(one.attr)
            passed.add(one.value)
        elif isinstance(one, ast.Name) and (one.id == "super" or (one.id == part.receiver and one not in passed)):
            return None
    return used


def _outside_classes(part: Part) -> list[ast.AST]:
    """The nodes of a method, but for methods of classes in it that call their own instances as this one does."""
    assert part.function is not None
    found: list[ast.AST] = list(part.function.body)
    hidden: set[ast.AST] = set()
    for one in found:
        if isinstance(one, ast.ClassDef):
            hidden.update(inner for inner in one.body if isinstance(inner, FUNCTIONS) and _is_method(inner, part))
        if one in hidden and isinstance(one, FUNCTIONS):
            found += [*one.args.defaults, *filter(None, one.args.kw_defaults)]
        else:
            found += ast.iter_child_nodes(one)
    return found


def _is_method(inner: FunctionNode, part: Part) -> bool:
    return bool(inner.args.args) and inner.args.args[0].arg == part.receiver
