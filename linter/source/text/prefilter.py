"""Which files are worth the dear parser: first by their bytes, then by Python's own syntax tree.

Both may let through what holds nothing to judge; neither may drop what does.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

_ABBREVIATED = re.compile(rb"tf\.(?:(?<!\wtf\.)|(?<=\\ntf\.))")
"""The second in a notebook, whose lines may all be in one string. Patterns that begin with letters are found faster."""
_LOSSES = (b"entropy", b"losses", b"ctc_")
"""In lower case; with `_COMPILE`, what every training site that `holds_training_site` finds is written with."""
_COMPILE = re.compile(rb'compile[\s\\n",]*[(#]')
"""A call, on one line or, as Python and a notebook have them, on several."""
_SNIPPETS = (re.compile(rb"Sequential\((?<![\w.]Sequential\()"), re.compile(rb"Model\((?<![\w.]Model\()"))
_IMPORT = re.compile(rb"(?:^|\"|\\n)\s*(?:from|import)\s", re.MULTILINE)
_FIT = re.compile(rb"\.(?:fit(?:_generator)?|train_on_batch|compile(?<!\bre\.compile))\s*\(")
_LOSS = re.compile(r"entropy|^ctc_", re.IGNORECASE)
_COMPILE_KEYWORDS = frozenset({"loss", "optimizer", "metrics", "weighted_metrics", "loss_weights", None})
_OTHER_COMPILERS = frozenset({"re", "regex", "re2", "sre_compile", "py_compile", "torch"})
_LEAVES = frozenset(
    {ast.Name, ast.Constant, ast.Pass}.union(
        *(kind.__subclasses__() for kind in (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop))
    )
)

DEEPEST = 3000
"""Levels of the syntax tree; a chain of operators has one for each of them."""


def may_hold_training(raw: bytes) -> bool:
    """Whether the bytes of a file or notebook name the framework and something that belongs to training.

    A snippet may leave its imports out: there a model that is compiled is enough.
    """
    if b"keras" in raw or b"tensorflow" in raw or (b"tf." in raw and _ABBREVIATED.search(raw) is not None):
        lowered = raw.lower()
        return any(word in lowered for word in _LOSSES) or _COMPILE.search(raw) is not None
    return b".compile(" in raw and any(snippet.search(raw) for snippet in _SNIPPETS)


def may_fit_other_models(raw: bytes) -> bool:
    """Whether a file that names no framework may compile or fit a model that another file makes."""
    return _FIT.search(raw) is not None and _IMPORT.search(raw) is not None


def holds_training_site(module: ast.Module) -> bool:
    """Whether the code compiles a model or names a loss.

    Raises SyntaxError for expressions nested too deeply for LibCST, which Python versions differ about.
    """
    found = False
    for level in _levels(module):
        found = found or any(map(is_training_site, level))
    return found


def check_depth(module: ast.Module) -> None:
    """Raises SyntaxError where LibCST's parser would die of the depth of the text."""
    for _ in _levels(module):
        pass


def _levels(module: ast.Module) -> Iterator[list[ast.AST]]:
    """The nodes of the syntax tree by their distance from its root. Raises SyntaxError where there are too many."""
    level: list[ast.AST] = [module]
    for _ in range(DEEPEST):
        yield level
        level = _children(level)
        if not level:
            return
    raise SyntaxError("too deeply nested", ("<unknown>", 1, 1, None))


def _children(nodes: Iterable[ast.AST]) -> list[ast.AST]:
    """What is below the nodes, but for leaves, of which none is a training site."""
    found: list[ast.AST] = []
    for node in nodes:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                found += [child for child in value if isinstance(child, ast.AST) and type(child) not in _LEAVES]
            elif isinstance(value, ast.AST) and type(value) not in _LEAVES:
                found.append(value)
    return found


def is_training_site(node: ast.AST) -> bool:
    """Whether a node of the syntax tree compiles a model or names a loss."""
    sees = _SITES.get(type(node))
    return sees is not None and sees(node)


def _calls_compile_or_loss(node: ast.Call) -> bool:
    match node.func:
        case ast.Attribute(value=receiver, attr="compile"):
            return _configures_training(node) and not _compiles_something_else(receiver)
        case ast.Name(id=name):
            return _names_loss(name)
    return False


def _names_loss(dotted: str) -> bool:
    return "losses" in dotted.split(".") or _LOSS.search(dotted) is not None


def _reaches_for_loss(node: ast.Attribute) -> bool:
    is_below_losses = isinstance(node.value, ast.Attribute) and node.value.attr == "losses"
    return is_below_losses or _LOSS.search(node.attr) is not None


_SITES: Final[Mapping[type[ast.AST], Callable[[Any], bool]]] = {
    ast.Call: _calls_compile_or_loss,
    ast.alias: lambda node: _names_loss(node.name),
    ast.Attribute: _reaches_for_loss,
    ast.ImportFrom: lambda node: "losses" in (node.module or "").split("."),
}


def _configures_training(compile_call: ast.Call) -> bool:
    keywords = {keyword.arg for keyword in compile_call.keywords}  # None stands for **settings
    return bool(compile_call.args) or not keywords.isdisjoint(_COMPILE_KEYWORDS)


def _compiles_something_else(receiver: ast.expr) -> bool:
    return isinstance(receiver, ast.Name) and receiver.id in _OTHER_COMPILERS
