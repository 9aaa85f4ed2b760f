"""Which files are worth the dear parser: first by their bytes, then by Python's own syntax tree.

Both may let through what holds nothing to judge; neither may drop what does.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from mllint.source.text.depth import check_depth, children, first_line

if TYPE_CHECKING:
    from mllint.source.text.document import Document

_ABBREVIATED = re.compile(rb"tf\.(?:(?<!\wtf\.)|(?<=\\ntf\.))")
"""The second in a notebook, whose lines may all be in one string. Patterns that begin with letters are found faster."""
_WORDS = re.compile("entropy|ctc_|losses|compile")
"""In lower case; every training site that `holds_training_site` finds has one of them."""
_LOSSES = re.compile(rb"losses\b(?:(?<!\wlosses)|(?<=\\[nrt]losses))")
"""The whole name of a module; after a line of a notebook."""
_COMPILE = re.compile(rb'compile(?<![^\w.]re\.compile)[\s\\n",]*(?:\((?!(?:jit_compile=\w+)?\))|#)')
"""A call, on one line or, as Python and a notebook have them, on several; but for those that configure no training."""
_SNIPPETS = (re.compile(rb"Sequential\((?<![\w.]Sequential\()"), re.compile(rb"Model\((?<![\w.]Model\()"))
_IMPORT = re.compile(rb"(?:^|\"|\\n)\s*(?:from|import)\s", re.MULTILINE)
_FIT = re.compile(rb"\.(?:fit(?:_generator)?|train_on_batch|compile(?<!\bre\.compile))\s*\(")
_LOSS = re.compile(r"entropy|^ctc_", re.IGNORECASE)
_COMPILE_KEYWORDS = frozenset({"loss", "optimizer", "metrics", "weighted_metrics", "loss_weights", None})
_OTHER_COMPILERS = frozenset({"re", "regex", "re2", "sre_compile", "py_compile", "torch"})


def may_hold_training(raw: bytes) -> bool:
    """Whether the bytes of a file or notebook name the framework and something that belongs to training.

    A snippet may leave its imports out: there a model that is compiled is enough.
    """
    if b"keras" in raw or b"tensorflow" in raw or (b"tf." in raw and _ABBREVIATED.search(raw) is not None):
        lowered = raw.lower()
        if b"entropy" in lowered or b"ctc_" in lowered:
            return True
        return _LOSSES.search(raw) is not None or _COMPILE.search(raw) is not None
    return b".compile(" in raw and any(snippet.search(raw) for snippet in _SNIPPETS)


def may_fit_other_models(raw: bytes) -> bool:
    """Whether a file that names no framework may compile or fit a model that another file makes."""
    return _FIT.search(raw) is not None and _IMPORT.search(raw) is not None


def holds_training_site(document: Document) -> bool:
    """Whether the code compiles a model or names a loss.

    Raises SyntaxError where Python cannot parse it, and for expressions nested too deeply for LibCST.
    """
    check_depth(document)
    return any(map(is_training_site, _nodes_on(_lines_of_words(document.text), document.syntax)))


def _lines_of_words(text: str) -> list[int]:
    """The numbers of the lines with a word of which every training site has one, in their order."""
    searched = text.replace("\r\n", "\n").replace("\r", "\n").lower()
    lines: list[int] = []
    line, before = 1, 0
    for word in _WORDS.finditer(searched):
        line += searched.count("\n", before, word.start())
        lines.append(line)
        before = word.start()
    return lines


def _nodes_on(lines: Sequence[int], module: ast.Module) -> Iterator[ast.AST]:
    """The nodes of the syntax tree, but for leaves, and for statements on none of these lines."""
    waiting: list[ast.AST] = [module]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [one for one in children(node) if not isinstance(one, ast.stmt) or _is_on(one, lines)]


def _is_on(statement: ast.stmt, lines: Sequence[int]) -> bool:
    following = bisect_left(lines, first_line(statement))
    return following < len(lines) and lines[following] <= (statement.end_lineno or statement.lineno)


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
