"""What matters by itself: what may make a training site, and what may change what is said of all of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from mllint.rules import knowledge
from mllint.rules.knowledge.table import Table
from mllint.source.relevance import words
from mllint.source.relevance.names import Names, imported, module_of
from mllint.source.relevance.parts import Part, last_name, walk

_END_OF_STRING: Final = re.compile(r"(?:[\"'}]|%s|\)s)(\w+)[\"']")
"""A word that is a string, or its end behind what is put into it."""


class Seeds:
    """What the parts of one file do that matters."""

    def __init__(self, parts: Sequence[Part], names: Names, text: str) -> None:
        self._text = text
        self._names = names
        self._libraries = names.libraries
        written: set[str] = set().union(*(part.words for part in parts))
        self.reaching_out = {part for part in parts if reaches_by_computed_names(part, names)}
        """The parts that read or write attributes under names that are not written in them."""
        self._reads_files = not written.isdisjoint(words.FORMATS)
        self._has_stars = any(alias.name == "*" for part in parts for one in part.imports for alias in one.names)
        self._makes_tensors = (
            self._has_stars
            or not written.isdisjoint(words.TENSORS)
            or any(self._names_one(part, words.activations(), knowledge.activations()) for part in parts)
        )

    def may_make_site(self, part: Part) -> bool:
        """Whether running a part may compile a model or call a loss, or get hold of a loss that others call. A loss
        makes a site where it is called on what layers made."""
        if ".compile" in part.words or ("compile" in part.words and not part.words.isdisjoint(words.BY_NAME)):
            return True
        return self._makes_tensors and (
            self._names_one(part, words.losses(), knowledge.losses()) or self._may_compute_loss(part)
        )

    def may_change_all(self, function: Part) -> bool:
        """Whether running a function may change what is said of models that it does not know."""
        return (
            "activation" in function.stored
            or ("activation" in function.words and "setattr" in function.words)
            or _changes_its_own_layers(function)
            or any(map(_proves_version, function.imports))
            or (self._reads_files and not function.words.isdisjoint(words.FILES))
            or function in self.reaching_out
        )

    # ---- losses ----------------------------------------------------------------------------------------------------

    def _names_one(self, part: Part, last_names: frozenset[str], table: Table[Any]) -> bool:
        """Whether a part names a row of a table."""
        if any(alias.name.rpartition(".")[2] in last_names for one in part.imports for alias in one.names):
            return True
        found = {word[1:] for word in part.words & words.with_dot(last_names)}
        if self._has_stars or not part.words.isdisjoint(words.BY_NAME):
            return bool(found) or not part.words.isdisjoint(last_names)
        return any(self._may_mean(part, word, table) for word in found)

    def _may_compute_loss(self, part: Part) -> bool:
        """Whether a part may get at a loss by a name that it puts together. It ends in a string of the file, which is
        the name, or has the last letters of it."""
        if part not in self.reaching_out:
            return False
        return not words.ends_of_losses().isdisjoint(map(str.lower, _END_OF_STRING.findall(self._text)))

    def _may_mean(self, part: Part, word: str, table: Table[Any]) -> bool:
        """Whether an attribute may be a row of a table."""
        for before, owner in re.findall(rf"(\.\s*\\?\s*)?([\w.]*)\s*\.\s*{word}\b", part.text):
            if owner == "self" and not before:
                continue  # whatever sets it names the row
            name, _, rest = owner.partition(".")
            path = self._libraries.get(name)
            if before or path is None or _is_rebound(name, part):
                return True
            dotted = f"{path}.{rest}.{word}" if rest else f"{path}.{word}"
            if table.symbol(knowledge.canonical(dotted)) is not None:
                return True
        return False


def _changes_its_own_layers(function: Part) -> bool:
    """Whether a method adds layers to its instance, or takes some away."""
    if function.words.isdisjoint((".add", ".pop")):
        return False
    return re.search(r"\b(?:self|super\(.*?\))\s*\.\s*(?:add|pop)\b", function.text) is not None


def _is_rebound(name: str, part: Part) -> bool:
    """Whether a part may use a name for something of its own: it stands elsewhere than before a dot."""
    return re.search(rf"(?<![\w.]){name}\b(?!\s*\.)", part.text) is not None


# ---- names that are not written --------------------------------------------------------------------------------------


def reaches_by_computed_names(part: Part, names: Names) -> bool:
    """Whether a part reads or writes attributes under names that are not written in it."""
    if words.BY_NAME.isdisjoint(part.words):
        return False
    written: set[ast.AST] = set()
    for one in walk(part.tree):
        if isinstance(one, ast.Call) and last_name(one.func) in ("getattr", "setattr"):
            is_literal = len(one.args) > 1 and isinstance(one.args[1], ast.Constant)
            if is_literal or (one.args and _is_of_other_library(one.args[0], part, names)):
                written.add(one.func)
        elif isinstance(one, ast.Attribute | ast.Name) and one not in written and last_name(one) in words.BY_NAME:
            return True
    return False


def _is_of_other_library(owner: ast.expr, part: Part, names: Names) -> bool:
    """Whether it is a library that has no losses, like NumPy."""
    if not isinstance(owner, ast.Name) or _is_bound_in(part, owner.id):
        return False
    return names.libraries.get(owner.id, "keras").partition(".")[0] in words.OTHER_LIBRARIES


def _is_bound_in(part: Part, name: str) -> bool:
    """Whether a part may bind a name for itself."""
    return re.search(rf"\b{name}\s*=[^=]|\bas\s+{name}\b|\bdef\b[^:]*\b{name}\b", part.text) is not None


# ---- imports ---------------------------------------------------------------------------------------------------------


def _proves_version(one: ast.Import | ast.ImportFrom) -> bool:
    """Whether an import proves the version of Keras."""
    names = (module_of(one).lstrip("."), *(imported(one, alias) for alias in one.names))
    return any(knowledge.framework(name) is not None for name in names)


def is_out_of_sight(parts: Sequence[Part], is_own: Callable[[str], bool]) -> bool:
    """Whether names may mean something else than the file says: they are what a team's knowledge or another file of
    the program has, or variables of the module are set by strings."""
    if knowledge.teaches() or not all(part.words.isdisjoint(words.MODULES) for part in parts):
        return True
    imports = [(one, alias) for part in parts for one in part.imports for alias in one.names]
    modules = {module_of(one) or alias.name.partition(".")[0] for one, alias in imports}
    return any(map(is_own, modules | {imported(one, alias) for one, alias in imports}))


# ---- activations -----------------------------------------------------------------------------------------------------


def may_ask_for_unknown_activation(part: Part) -> bool:
    """Whether a part may make a layer with an activation that no Keras knows, or hand out the class of a layer."""
    layers = words.activated_layers()
    if any(alias.asname and alias.name in layers for one in part.imports for alias in one.names):
        return True
    if isinstance(part.tree, ast.Import | ast.ImportFrom) or part.words.isdisjoint(words.activated_layer_words()):
        return False
    harmless: set[ast.AST] = set()
    for one in walk(part.tree):  # a call comes before the name of what is called
        if isinstance(one, ast.Attribute):
            harmless.add(one.value)  # it is something of the layer's class that is used
        if isinstance(one, ast.Call):
            name = last_name(one.func)
            if name is not None and name in layers and _asks_for_known(one, layers[name]):
                harmless.add(one.func)
        elif isinstance(one, ast.Attribute | ast.Name) and last_name(one) in layers and one not in harmless:
            return True
    return False


def _asks_for_known(call: ast.Call, places: frozenset[int]) -> bool:
    if any(isinstance(one, ast.Starred) for one in call.args) or any(one.arg is None for one in call.keywords):
        return False
    given = [one.value for one in call.keywords if one.arg == "activation"]
    given += [call.args[place] for place in places if place < len(call.args)]
    return all(map(_is_known_activation, given))


def _is_known_activation(value: ast.expr) -> bool:
    if not isinstance(value, ast.Constant):
        return isinstance(value, ast.Lambda)
    return not isinstance(value.value, str) or knowledge.activations().identify(value.value) is not None
