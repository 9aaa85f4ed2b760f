"""Which definitions of a file may matter to what is said of it, though nothing in the file calls them.

What is said of a file is said of its training sites. What may make one matters (seeds.py): a function that compiles a
model or names a loss. With it matter

- what names it, for that may call it with something else,
- the class that it is a method of, for that makes its instance,
- what names a variable or an attribute (names.py) that it or what it calls names too, for that may change them.

Names stand for all that has them: nothing is said of which object an attribute belongs to. Where a file may reach
something under names that are not written in it, all of it matters, or all that sets or reads attributes.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from typing import Final

from mllint.source.relevance import seeds, words
from mllint.source.relevance.names import Names
from mllint.source.relevance.parts import Part, last_name, parts_of
from mllint.source.text.document import Document

_IMPLICIT: Final = re.compile(r"__\w+__|call")
"""Methods that are called without being named."""
_INSTANCES: Final = "()"
"""The key of what makes instances of its own class, without naming it."""


class Relevance:
    """What of one file may matter. The constructor raises SyntaxError where Python cannot parse it."""

    def __init__(self, document: Document, is_own: Callable[[str], bool]) -> None:
        """`is_own` says of a module, as an import names it, whether it may be another file of the program."""
        self._parts = parts_of(document)
        self._places: dict[ast.AST, int] = {part.tree: place for place, part in enumerate(self._parts)}
        self._everything = seeds.is_out_of_sight(self._parts, is_own)
        self._mattering: set[int] = set()
        if not self._everything:
            self._names = Names(self._parts)
            self._decide(document.text)

    def may_matter(self, definition: ast.AST) -> bool:
        """Whether running a function that nothing calls, or a class that nothing instantiates, could change what is
        said of the file. What is defined in a function may, if that runs."""
        place = self._places.get(definition)
        return place is None or self._everything or place in self._mattering

    def _decide(self, text: str) -> None:
        found = seeds.Seeds(self._parts, self._names, text)
        sites = [place for place, part in enumerate(self._parts) if found.may_make_site(part)]
        if not sites:
            return
        self._connect()
        self._matter(sites)
        self._heat(map(self._names.key, words.AFTERWARDS))
        for place, part in enumerate(self._parts):
            if place in self._mattering or part.is_class:
                continue
            if (part.function and found.may_change_all(part)) or seeds.may_ask_for_unknown_activation(part):
                self._matter([place])
        if found.reaching_out:
            self._heat(map(self._names.key, self._names.attributes))

    def _connect(self) -> None:
        self._keys = [self._keys_of(part) for part in self._parts]
        """What each part names that another may bind."""
        self._users: dict[str, list[int]] = {}
        """Which parts name each key."""
        for place, keys in enumerate(self._keys):
            for key in keys:
                self._users.setdefault(key, []).append(place)
        self._hot: set[str] = set()
        """The keys that matter."""
        self._called: set[int] = set()
        """The parts that what matters may call."""

    def _keys_of(self, part: Part) -> set[str]:
        keys = self._names.keys(part)
        return keys | {_INSTANCES} if _makes_instances_of_its_class(part) else keys

    def _heat(self, keys: Iterable[str]) -> None:
        self._matter([place for key in keys for place in self._users.get(key, ())])

    def _matter(self, waiting: list[int]) -> None:
        """Parts have to run, and with them what is connected to them."""
        while waiting:
            place = waiting.pop()
            if place in self._mattering:
                continue
            self._mattering.add(place)
            part = self._parts[place]
            if part.owner is not None and part.name:
                waiting.append(part.owner)
            hot = self._names.bound_by(part) | self._seen_from(place)
            if part.is_class:
                hot.add(_INSTANCES)
            for key in hot - self._hot:
                self._hot.add(key)
                waiting += self._users.get(key, ())

    def _seen_from(self, place: int) -> set[str]:
        """What a part and what it calls name that may change."""
        seen: set[str] = set()
        waiting = [place]
        while waiting:
            place = waiting.pop()
            if place not in self._called:
                self._called.add(place)
                keys = self._keys[place]
                seen |= keys & self._names.shared
                waiting += [one for key in keys for one in self._names.defined.get(key.lstrip("."), ())]
                waiting += filter(self._is_called_unnamed, self._names.members.get(place, ()))
        return seen

    def _is_called_unnamed(self, member: int) -> bool:
        name = self._parts[member].name
        return not name or _IMPLICIT.fullmatch(name) is not None


def _makes_instances_of_its_class(part: Part) -> bool:
    if part.function is None or part.owner is None:
        return False
    return not part.words.isdisjoint(("type", ".__class__")) or any(
        last_name(one) == "classmethod" for one in part.function.decorator_list
    )
