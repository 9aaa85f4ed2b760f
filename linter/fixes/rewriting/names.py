"""How a program spells the names of Keras: what its imports bind, and what can be reached from there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from mllint.fixes.rewriting.program import Program
from mllint.rules import knowledge
from mllint.source.program.keras_library.symbols import UNIMPORTED
from mllint.source.program.tree import dotted_name


@dataclass(frozen=True, slots=True)
class Binding:
    """A name that stands for something of a library."""

    name: str
    dotted: str
    """What it stands for, as the program spells it: tensorflow.keras.layers."""
    start: int
    scope: cst.CSTNode | None
    """The function or class it is bound in; None for the module."""
    statement: cst.CSTNode | None
    """None for a name that the program uses without an import."""


class Names:
    """The names of one program."""

    def __init__(self, program: Program) -> None:
        self.program = program

    # ---- reading ---------------------------------------------------------------------------------------------------

    def symbol(self, node: cst.CSTNode) -> str | None:
        """The canonical name of what an expression names; None for what is no name of a library."""
        written = _dotted(node)
        if written is None:
            return None
        root, _, rest = written.partition(".")
        binding = next((one for one in reversed(self.visible(node)) if one.name == root), None)
        if binding is not None:
            return knowledge.canonical(f"{binding.dotted}.{rest}" if rest else binding.dotted)
        return next((star for star in self._starred(written) if root not in self.rebound), None)

    def statement_of(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The import or assignment that binds the name an expression starts with."""
        root = (_dotted(node) or "").partition(".")[0]
        return next((one.statement for one in reversed(self.visible(node)) if one.name == root), None)

    def _starred(self, written: str) -> Iterator[str]:
        for module in self.stars:
            symbol = knowledge.canonical(f"{module}.{written}")
            if is_known(symbol):
                yield symbol

    # ---- writing ---------------------------------------------------------------------------------------------------

    def spelling(self, symbol: str, at: cst.CSTNode) -> str | None:
        """The code for a canonical name at a place, in the program's own way; None where no import reaches it."""
        found = [code for binding in self.visible(at) if (code := self._below(binding, symbol)) is not None]
        last = symbol.rpartition(".")[2]
        if symbol in self._starred(last) and last not in self.rebound:
            found.append(last)
        return min(found, key=self._strangeness, default=None)

    def _below(self, binding: Binding, symbol: str) -> str | None:
        base = knowledge.canonical(binding.dotted)
        if base == symbol:
            return binding.name
        if symbol.startswith("keras.") and self.home is not None and family(binding.dotted) not in (None, self.home):
            return None
        if symbol.startswith(f"{base}."):
            return f"{binding.name}{symbol[len(base) :]}"
        home = self.home or "tensorflow.keras"
        if base == "tf" and symbol.startswith("keras.") and f"{binding.dotted}.keras" == home:
            return f"{binding.name}.{symbol}"
        return None

    def _strangeness(self, code: str) -> tuple[bool, int, bool, int, int]:
        """Plain names first, then the modules that the program uses most, or has imported for it."""
        module = code.rpartition(".")[0]
        parts = module.split(".")
        root = ".".join(parts[:2] if parts[1:2] == ["keras"] else parts[:1])
        return (bool(module), -self._uses[module] if module else 0, len(parts) > 1, -self._uses[root], len(code))

    @cached_property
    def _uses(self) -> Counter[str]:
        """How often attributes of each dotted name are used."""
        uses: Counter[str] = Counter()
        for node in self.program.nodes():
            if isinstance(node, cst.Attribute) and (written := _dotted(node)) is not None:
                uses[written.rpartition(".")[0]] += 1
        return uses

    @cached_property
    def home(self) -> str | None:
        """The Keras that the program imports most from, as it is written: tensorflow.keras, keras, tf_keras."""
        families = Counter(one for binding in self.bindings if (one := family(binding.dotted)) is not None)
        families.update(one for module in self.stars if (one := family(module)) is not None)
        if not families:
            return "tensorflow.keras" if any(one.dotted == "tensorflow" for one in self.bindings) else None
        return families.most_common(1)[0][0]

    # ---- bindings --------------------------------------------------------------------------------------------------

    def visible(self, at: cst.CSTNode) -> list[Binding]:
        """The names that can be used at a place, in order of their binding."""
        start, around = self.program.span(at)[0], set(self.program.ancestors(at))
        deferred = any(isinstance(one, cst.FunctionDef | cst.Lambda) for one in around)
        return [
            one
            for one in self.bindings
            if one.name not in self.rebound
            and (one.scope in around if one.scope is not None else deferred or one.start <= start)
        ]

    @cached_property
    def uses(self) -> tuple[cst.Name, ...]:
        """The names in the program that stand by themselves: no attributes, keywords or parts of imports."""
        names = (node for node in self.program.nodes() if isinstance(node, cst.Name))
        return tuple(
            node
            for node in names
            if _stands_by_itself(node, self.program.parent(node))
            and not any(isinstance(one, cst.Import | cst.ImportFrom) for one in self.program.ancestors(node))
        )

    @cached_property
    def bindings(self) -> tuple[Binding, ...]:
        found = [one for node in self.program.nodes() for one in self._bound_by(node)]
        bound = {one.name for one in found} | self._assigned
        used = {node.value for node in self.uses}
        bare = [Binding(name, UNIMPORTED[name], 0, None, None) for name in sorted(used & UNIMPORTED.keys() - bound)]
        return (*bare, *found)

    def _bound_by(self, node: cst.CSTNode | None) -> Iterator[Binding]:
        if not isinstance(node, cst.Import | cst.ImportFrom | cst.Assign):
            return
        start = self.program.span(node)[0]
        if isinstance(node, cst.Import):
            for alias in node.names:
                dotted = dotted_name(alias.name)
                if alias.asname is not None:
                    yield Binding(bound_name(alias), dotted, start, self.scope(node), node)
                else:
                    root = dotted.partition(".")[0]
                    yield Binding(root, root, start, self.scope(node), node)
        elif isinstance(node, cst.ImportFrom) and not isinstance(node.names, cst.ImportStar) and not node.relative:
            for alias in node.names:
                dotted = f"{module_of(node)}.{dotted_name(alias.name)}"
                yield Binding(bound_name(alias), dotted, start, self.scope(node), node)
        elif isinstance(node, cst.Assign) and (kept := _alias(node)) is not None:
            root, _, rest = dotted_name(node.value).partition(".")
            base = next((one for one in self._imported if one.name == root), None)
            if base is not None and rest:
                yield Binding(kept, f"{base.dotted}.{rest}", start, self.scope(node), node)

    @cached_property
    def _imported(self) -> tuple[Binding, ...]:
        imports = (node for node in self.program.nodes() if isinstance(node, cst.Import | cst.ImportFrom))
        return tuple(one for node in imports for one in self._bound_by(node))

    @cached_property
    def stars(self) -> tuple[str, ...]:
        """The modules that names are imported from with a star."""
        imports = (node for node in self.program.nodes() if isinstance(node, cst.ImportFrom))
        return tuple(module_of(one) for one in imports if isinstance(one.names, cst.ImportStar) and not one.relative)

    @cached_property
    def rebound(self) -> frozenset[str]:
        """Names that are bound to something else as well, or to several things."""
        meanings: dict[str, set[str]] = {}
        for one in self.bindings:
            meanings.setdefault(one.name, set()).add(knowledge.canonical(one.dotted))
        several = {name for name, found in meanings.items() if len(found) > 1}
        return frozenset(several | self._assigned)

    @cached_property
    def taken(self) -> frozenset[str]:
        """Every name that is bound in the program."""
        return frozenset({one.name for one in self.bindings} | self._assigned)

    @cached_property
    def _assigned(self) -> frozenset[str]:
        """Names bound by anything but imports and aliases of what is imported."""
        return frozenset(
            name
            for node in self.program.nodes()
            if not any(self._bound_by(self.program.parent(node)))
            for name in _assigned_by(node)
        )

    def scope(self, node: cst.CSTNode) -> cst.CSTNode | None:
        around = self.program.ancestors(node)
        return next((one for one in around if isinstance(one, cst.FunctionDef | cst.ClassDef | cst.Lambda)), None)


def is_known(symbol: str) -> bool:
    """Whether the tables of knowledge have a row for a canonical name."""
    tables = (knowledge.layers, knowledge.losses, knowledge.activations, knowledge.metrics, knowledge.data_functions)
    return any(table().symbol(symbol) is not None for table in tables)


def family(dotted: str) -> str | None:
    """The part of a dotted name that stands for Keras itself; None for what is not below Keras."""
    parts = dotted.split(".")
    roots = [".".join(parts[:count]) for count in range(len(parts), 0, -1)]
    return next((root for root in roots if knowledge.canonical(root) == "keras"), None)


def module_of(node: cst.ImportFrom) -> str:
    return dotted_name(node.module) if node.module is not None else ""


def bound_name(alias: cst.ImportAlias) -> str:
    name = alias.asname.name if alias.asname is not None else alias.name
    assert isinstance(name, cst.Name)
    return name.value


def _dotted(node: cst.CSTNode) -> str | None:
    if isinstance(node, cst.Attribute):
        before = _dotted(node.value)
        return f"{before}.{node.attr.value}" if before is not None else None
    return node.value if isinstance(node, cst.Name) else None


def _stands_by_itself(node: cst.Name, above: cst.CSTNode | None) -> bool:
    if isinstance(above, cst.Attribute):
        return above.value is node
    return not isinstance(above, cst.Arg) or above.keyword is not node


def _alias(node: cst.Assign) -> str | None:
    """The name that an assignment gives to an attribute of a name: layers = tf.keras.layers."""
    target = node.targets[0].target
    if len(node.targets) != 1 or not isinstance(target, cst.Name) or not isinstance(node.value, cst.Attribute):
        return None
    return target.value if _dotted(node.value) is not None else None


def _assigned_by(node: cst.CSTNode) -> Iterator[str]:
    if isinstance(node, cst.FunctionDef | cst.ClassDef | cst.Param):
        yield node.name.value
    elif isinstance(node, cst.AssignTarget | cst.AnnAssign | cst.For | cst.CompFor | cst.NamedExpr | cst.AugAssign):
        yield from _names_in(node.target)
    elif isinstance(node, cst.WithItem) and node.asname is not None:
        yield from _names_in(node.asname.name)
    elif isinstance(node, cst.ExceptHandler) and node.name is not None:
        yield from _names_in(node.name.name)


def _names_in(target: cst.CSTNode) -> Iterator[str]:
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, cst.Tuple | cst.List):
        for element in target.elements:
            yield from _names_in(element.value)
