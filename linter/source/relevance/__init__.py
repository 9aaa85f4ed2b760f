"""Which definitions of a file may matter to what is said of it, though nothing in the file calls them.

What is said of a file is said of its training sites. A definition matters where it may make one: it compiles a model,
or calls a loss, by itself or by what it names. It matters too where it names such a definition, or touches what such
a definition touches: a variable of the file, an attribute that something sets, a class. And it matters where it may
change what is said of all sites: the version of Keras that is imported, activations that no Keras knows.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from functools import reduce
from operator import or_

from mllint.rules import knowledge
from mllint.source.relevance import words
from mllint.source.relevance.effects import BOTH, SITE, Effects, reaches_by_computed_names
from mllint.source.relevance.names import Names
from mllint.source.relevance.parts import Part, parts_of
from mllint.source.relevance.sharing import IMPLICIT, Sharing, shares_defaults
from mllint.source.text.document import Document


class Relevance:
    """What of one file may matter. The constructor raises SyntaxError where Python cannot parse it."""

    def __init__(self, document: Document, is_own: Callable[[str], bool]) -> None:
        """`is_own` says of a module, as an import names it, whether it may be another file of the program."""
        self._parts = parts_of(document)
        self._places: dict[ast.AST, int] = {part.tree: place for place, part in enumerate(self._parts)}
        self._names = Names(self._parts, document.text, is_own)
        self._effects = Effects(self._parts, self._names, document.text)
        self._active = [0] * len(self._parts)
        """What each part may be needed for."""
        self._reached = [0] * len(self._parts)
        """What each part may be called for."""
        self._heat: dict[str, int] = {}
        """What each key may be needed for."""
        self._everything = self._names.imports_all_of_own_files or self._is_out_of_sight()
        own = [self._effects.of(part) for part in self._parts]
        together = reduce(or_, own, 0)
        if not self._everything and (together & SITE or together & BOTH == BOTH):
            self._sharing = Sharing(self._parts, self._names)
            self._connect()
            self._decide(own)

    def may_matter(self, definition: ast.AST) -> bool:
        """Whether running a function that nothing calls, or a class that nothing instantiates, could change what is
        said of the file. What is defined in a function may, if that runs."""
        place = self._places.get(definition)
        return place is None or self._everything or bool(self._active[place] & SITE)

    def _is_out_of_sight(self) -> bool:
        """Whether names may mean something else than the file says: a team's knowledge has rows for them, or they are
        attributes of a module that is looked up."""
        return knowledge.teaches() or any(not part.words.isdisjoint(words.MODULES) for part in self._parts)

    # ---- what is connected -----------------------------------------------------------------------------------------

    def _connect(self) -> None:
        dotted = words.with_dot(self._names.seen)
        self._keys: list[set[str]] = []
        """What each part names that others name too."""
        self._users: dict[str, list[int]] = {}
        for place, part in enumerate(self._parts):
            keys = self._keys_of(place, part, dotted)
            self._keys.append(keys)
            for key in keys:
                self._users.setdefault(key, []).append(place)

    def _keys_of(self, place: int, part: Part, dotted: frozenset[str]) -> set[str]:
        callees, is_open = self._sharing.callees[place], self._sharing.is_open[place]
        keys = (part.words & self._names.known) - part.local
        attributes = {word[1:] for word in part.words & dotted}
        if not part.words.isdisjoint(words.BY_NAME_WORDS):
            attributes |= part.words & self._names.seen
            self._everything |= is_open and "setattr" in part.words and reaches_by_computed_names(part)
        attributes = (attributes if is_open else attributes & self._names.defined.keys()) | callees
        if "__init__" in attributes and _starts_bases_only(part):
            attributes.discard("__init__")
        keys |= {self._names.key(attribute) for attribute in attributes}
        keys |= part.bound - {part.name}
        if part.function is not None and shares_defaults(part):
            keys.add(f"{place}()")
            self._names.variables.add(f"{place}()")
        return keys

    # ---- what matters ----------------------------------------------------------------------------------------------

    def _decide(self, own: Sequence[int]) -> None:
        for place, effect in enumerate(own):
            self._spread([(place, effect, True)])
        if self._names.imports_own_files:
            for key in filter(self._names.may_change, list(self._users)):
                self._spread(self._heated(key, SITE))
        if not any(active & SITE for active in self._active):
            return
        for method in ("train_step", "compute_loss"):  # these are looked at after all has run
            self._spread(self._heated(self._names.key(method), SITE))
        for place, part in enumerate(self._parts):
            if self._active[place] & SITE:
                continue
            if self._effects.change_others(part, self._sharing.is_open[place]):
                self._spread([(place, SITE, True)])

    def _spread(self, waiting: list[tuple[int, int, bool]]) -> None:
        """Find what else may be needed. What waits is a part, what for, and whether it has to run for that; else it
        is only called."""
        while waiting:
            place, effect, has_to_run = waiting.pop()
            if has_to_run:
                effect = self._activate(place, effect, waiting)
            new = effect & ~self._reached[place]
            if not new:
                continue
            self._reached[place] |= new
            for key in self._keys[place]:
                if self._names.may_change(key):
                    waiting += self._heated(key, new)
            waiting += [(one, new, False) for one in self._called_by(place)]

    def _activate(self, place: int, effect: int, waiting: list[tuple[int, int, bool]]) -> int:
        """What a part has to run for that it had not to before."""
        part, before = self._parts[place], self._active[place]
        after = before | effect
        if after & BOTH == BOTH:
            after |= SITE
        new = after & ~before
        if not new:
            return 0
        self._active[place] = after
        for key in (self._names.key(part.name),) if part.name else part.bound:
            waiting += self._heated(key, new)
        if part.owner is not None and part.name:
            waiting.append((part.owner, new, True))
        members = self._names.members.get(place, ())
        waiting += [(one, new, True) for one in members if self._parts[one].is_classmethod]  # it makes instances
        return new

    def _heated(self, key: str, effect: int) -> list[tuple[int, int, bool]]:
        before = self._heat.get(key, 0)
        new = effect & ~before
        if not new:
            return []
        self._heat[key] = before | new
        return [(place, new, True) for place in self._users.get(key, ())]

    def _called_by(self, place: int) -> list[int]:
        called = [one for name in self._sharing.callees[place] for one in self._names.defined[name]]
        if self._parts[place].is_class:
            members = self._names.members.get(place, ())
            called += [one for one in members if not self._parts[one].name or IMPLICIT.fullmatch(self._parts[one].name)]
        return called


def _starts_bases_only(part: Part) -> bool:
    """Whether `__init__` is called by super() alone: the class of the base is named where the class is defined."""
    started = len(re.findall(r"\.__init__\b", part.text))
    return started == len(re.findall(r"\bsuper\([^()]*\)\.__init__\b", part.text)) > 0
