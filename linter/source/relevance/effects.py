"""What a part of a file may do by itself: compile a model, name a loss, make tensors, or change what is said of models
that it does not know."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

from mllint.rules import knowledge
from mllint.rules.knowledge.table import Table
from mllint.source.relevance import words
from mllint.source.relevance.names import Names, imported
from mllint.source.relevance.parts import Part
from mllint.source.relevance.syntax import last_name, root, walk

_PART_OF_STRING: Final = re.compile(r"(?:[\"'}]|%s|\)s)(\w+)[\"']")
"""A word that is a string, or its end behind what is put into it."""
_COMPILE: Final = re.compile(r"\.compile\b(\((?:\s*jit_compile=\w+)?\s*\))?")
"""With the parentheses of a call that configures no training."""
_BY_NAME: Final = re.compile(r"\b(?:getattr|setattr|vars|__dict__)\b")
_BY_LITERAL: Final = re.compile(r"\b[gs]etattr\(\s*[\w.]+\s*,\s*[\"']\w+[\"']\s*[,)]")
_TYPE_CHECKS: Final = ("isinstance", "issubclass")


LOSS, TENSOR, SITE = 1, 2, 4
"""What a part may do; a loss that is called on what layers made is a training site, as a model that is compiled is."""
BOTH: Final = LOSS | TENSOR


class Effects:
    """What the parts of one file may do."""

    def __init__(self, parts: Sequence[Part], names: Names, text: str) -> None:
        self._parts = parts
        self._names = names
        self._text = text

    def of(self, part: Part) -> int:
        """What running a part may be needed for: a site, or one of the two that make one together."""
        found = self._of_imports(part)
        written = part.words
        by_name = not written.isdisjoint(words.BY_NAME_WORDS)
        if by_name:
            written = written | words.with_dot(written)
        if self._names_one(part, written & words.loss_attributes(), knowledge.losses(), by_name):
            found |= LOSS
        if (
            not written.isdisjoint(words.TENSORS)
            or self._calls_what_is_inherited(written)
            or self._names_one(part, written & words.activation_attributes(), knowledge.activations(), by_name)
        ):
            found |= TENSOR
        if self._names.has_stars:
            found |= 0 if written.isdisjoint(words.losses()) else LOSS
            found |= 0 if written.isdisjoint(words.activations() | words.layers_and_models()) else TENSOR
        if ".compile" in written and (by_name or self._compiles(part)):
            found |= SITE
        if by_name and self._may_put_losses_together and reaches_by_computed_names(part):
            found |= LOSS
        return found

    def _of_imports(self, part: Part) -> int:
        found = SITE if part.imports and self._names.imports_own_file(part) else 0
        for one in part.imports:
            for alias in one.names:
                if alias.asname is None and isinstance(one, ast.Import):
                    continue
                path = imported(one, alias).split(".")
                if path[-1] in words.losses():
                    found |= LOSS
                if path[-1] in words.activations() or not words.TENSORS.isdisjoint(path):
                    found |= TENSOR
        return found

    def _names_one(self, part: Part, attributes: set[str], table: Table[Any], by_name: bool) -> bool:
        """Whether one of these attributes is written where it may mean a row of the table."""
        return bool(attributes) and (by_name or any(self._may_mean(part, one, table) for one in attributes))

    def _may_mean(self, part: Part, attribute: str, table: Table[Any]) -> bool:
        places = [found.start() for found in re.finditer(rf"\{attribute}\b", part.text)]
        for owner in [_owner(part.text, place) for place in places] or [""]:
            name, _, rest = owner.partition(".")
            if name == "self":
                continue  # an instance; what is set of it is known by its attribute
            path = self._names.paths.get(name) if self._is_library(name, part) else None
            dotted = f"{path}.{rest}{attribute}" if rest else f"{path}{attribute}"
            if path is None or table.symbol(knowledge.canonical(dotted)) is not None:
                return True
        return False

    def _calls_what_is_inherited(self, written: set[str]) -> bool:
        return not written.isdisjoint(words.CALLS) and ("super" in written or self._inherits_call)

    @cached_property
    def _inherits_call(self) -> bool:
        """Whether a class has the method `call` from another file."""
        return any(
            part.is_class
            and not part.words <= self._names.defined.keys()
            and not any(self._parts[one].name in ("call", "__call__") for one in self._names.members.get(place, ()))
            for place, part in enumerate(self._parts)
        )

    @cached_property
    def _may_put_losses_together(self) -> bool:
        """Whether a string in the file may be the end of the name of a loss."""
        ends = (found.lower() for found in _PART_OF_STRING.findall(self._text))
        return not words.ends_of_losses().isdisjoint(ends)

    # ---- compile ---------------------------------------------------------------------------------------------------

    def _compiles(self, part: Part) -> bool:
        found = list(_COMPILE.finditer(part.text))
        return not found or any(
            one[1] is None and not self._is_library(_owner(part.text, one.start()), part) for one in found
        )

    def _is_library(self, dotted: str, part: Part) -> bool:
        name = dotted.partition(".")[0]
        return name in self._names.libraries and name not in part.local

    def _is_of_library(self, value: ast.expr, part: Part) -> bool:
        """Whether an expression is a name of a library, or something in it."""
        name = root(value)
        return isinstance(name, ast.Name) and self._is_library(name.id, part)

    # ---- what changes others ---------------------------------------------------------------------------------------

    def change_others(self, part: Part, is_open: bool) -> bool:
        """Whether a part may change what is said of models that it does not know."""
        if part.is_class:
            return False
        if is_open and not part.words.isdisjoint(words.BY_NAME_WORDS) and reaches_by_computed_names(part):
            return True
        if part.reassigns or ("activation" in part.own and (part.rebinds or not self._is_bound(part))):
            return True
        if part.function is not None and any(map(_proofs, part.imports)) and not self._is_proved:
            return True
        if self._names.reads_files and not part.words.isdisjoint(words.FILES):
            return True
        return self._may_ask_for_unknown_activation(part)

    @cached_property
    def _is_proved(self) -> bool:
        """Whether all imports of the file prove the same version of Keras, and one does that is sure to run."""
        proofs = [(part.is_at_top and not part.name, _proofs(one)) for part in self._parts for one in part.imports]
        return len(set().union(*(versions for _, versions in proofs))) == 1 and any(
            is_at_top and versions for is_at_top, versions in proofs
        )

    def _is_bound(self, part: Part) -> bool:
        """Whether what a method calls `self` is sure to be its instance."""
        others = rf"(?<!\bself)(?<!\bsuper\(\))\.\s*{part.name}\b|(?<!def )(?<![.\w]){part.name}\b"
        return re.search(others, self._text) is None

    def _may_ask_for_unknown_activation(self, part: Part) -> bool:
        """Whether it may make a layer with an activation that no Keras knows."""
        layers = words.activated_layers()
        if part.imports and part.function is None:
            return any(alias.asname and alias.name in layers for one in part.imports for alias in one.names)
        if part.words.isdisjoint(layers) and part.words.isdisjoint(words.with_dot(layers)):
            return False
        harmless: set[ast.AST] = set()
        named: list[ast.AST] = []
        for one in part.nodes():
            if isinstance(one, ast.Attribute):
                harmless.add(one.value)  # it is something of the layer's class that is used
            if isinstance(one, ast.Attribute | ast.Name):
                if last_name(one) in layers and not _is_of_self(one):
                    named.append(one)
            elif isinstance(one, ast.Call):
                name = last_name(one.func)
                if name is not None and name in layers and not _is_of_self(one.func):
                    if not self._asks_for_known(one, layers[name], part):
                        return True
                    harmless.add(one.func)
                elif name in _TYPE_CHECKS or self._drops_arguments(one):
                    harmless.update(walk((*one.args, *(keyword.value for keyword in one.keywords))))
        return any(one not in harmless for one in named)

    def _drops_arguments(self, call: ast.Call) -> bool:
        """Whether it calls a method that `self` has from a library: nothing is known to happen to its arguments."""
        method = call.func
        return (
            isinstance(method, ast.Attribute)
            and isinstance(method.value, ast.Name)
            and method.value.id == "self"
            and method.attr not in words.OF_MODELS
            and method.attr not in self._names.seen
        )

    def _asks_for_known(self, call: ast.Call, places: frozenset[int], part: Part) -> bool:
        if any(isinstance(one, ast.Starred) for one in call.args) or any(one.arg is None for one in call.keywords):
            return False
        given = [one.value for one in call.keywords if one.arg == "activation"]
        given += [call.args[place] for place in places if place < len(call.args)]
        return all(self._is_known_activation(one, part) for one in given)

    def _is_known_activation(self, value: ast.expr, part: Part) -> bool:
        if isinstance(value, ast.Constant):
            return not isinstance(value.value, str) or knowledge.activations().identify(value.value) is not None
        return isinstance(value, ast.Lambda) or self._is_of_library(value, part)


def _owner(text: str, place: int) -> str:
    """`a.b` of `a.b.c`, by the place of the last dot."""
    start = place
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] in "._"):
        start -= 1
    return text[start:place]


def _is_of_self(value: ast.expr) -> bool:
    """Whether it is an attribute of an instance: what is set there is looked at where it is set."""
    name = root(value)
    return name is not value and isinstance(name, ast.Name) and name.id == "self"


def _proofs(one: ast.Import | ast.ImportFrom) -> set[str]:
    """The versions of Keras that an import proves."""
    module = one.module or "" if isinstance(one, ast.ImportFrom) else ""
    found = map(knowledge.framework, (module, *(imported(one, alias) for alias in one.names)))
    return {version for version in found if version is not None}


def reaches_by_computed_names(part: Part) -> bool:
    """Whether a part reads or writes attributes under names that are not written in it."""
    if part.text and len(_BY_NAME.findall(part.text)) == len(_BY_LITERAL.findall(part.text)):
        return False
    written: set[ast.AST] = set()
    for one in part.nodes():
        if isinstance(one, ast.Call) and last_name(one.func) in ("getattr", "setattr", "vars"):
            is_literal = len(one.args) > 1 and isinstance(one.args[1], ast.Constant)
            if is_literal or (last_name(one.func) == "vars" and not one.args):
                written.add(one.func)
        elif isinstance(one, ast.Attribute | ast.Name) and one not in written and last_name(one) in words.BY_NAME:
            return True
    return False
