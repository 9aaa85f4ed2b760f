"""Which files are worth the dear parser: first by their bytes, then by Python's own syntax tree.

Both may let through what holds nothing to judge; neither may drop what does.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mllint.source.text.syntax import parse

_FRAMEWORK = re.compile(rb"keras|tensorflow|\btf\.")
_TRAINING = re.compile(rb"compile|entropy|[lL]oss|GradientTape|from_logits")
_SNIPPET = re.compile(rb"(?<![\w.])(?:Sequential|Model)\(")
_IMPORT = re.compile(rb"^\s*(?:from|import)\s", re.MULTILINE)
_ASKS = re.compile(rb"\b(?:fit|train|compile|build|create|make|get|run|main)\w*\s*\(", re.IGNORECASE)
_LOSS = re.compile(r"entropy|^ctc_", re.IGNORECASE)
_COMPILE_KEYWORDS = frozenset({"loss", "optimizer", "metrics", "weighted_metrics", "loss_weights", None})
_OTHER_COMPILERS = frozenset({"re", "regex", "re2", "sre_compile", "py_compile", "torch"})


DEEPEST = 3000
"""Levels of the syntax tree; a chain of operators has one for each of them."""


def may_hold_training(raw: bytes) -> bool:
    """Whether the bytes of a file or notebook name the framework and something that belongs to training.

    A snippet may leave its imports out: there a model that is compiled is enough.
    """
    if _FRAMEWORK.search(raw) is not None:
        return _TRAINING.search(raw) is not None
    return b".compile(" in raw and _SNIPPET.search(raw) is not None


def may_ask_for_training(raw: bytes) -> bool:
    """Whether a file without a training site of its own may call one in another file."""
    return _IMPORT.search(raw) is not None and _ASKS.search(raw) is not None


def holds_training_site(text: str) -> bool:
    """Whether the code compiles a model or names a loss.

    Raises SyntaxError, also for expressions nested too deeply for LibCST, which Python versions differ about.
    """
    found = False
    for level in _levels(text):
        found = found or any(_is_training_site(node) for node in level)
    return found


def check_depth(text: str) -> None:
    """Raises SyntaxError where Python cannot parse the text, or LibCST's parser would die of its depth."""
    for _ in _levels(text):
        pass


def _levels(text: str) -> Iterator[list[ast.AST]]:
    """The nodes of the syntax tree by their distance from its root. Raises SyntaxError where there are too many."""
    level: list[ast.AST] = [parse(text)]
    for _ in range(DEEPEST):
        yield level
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise SyntaxError("too deeply nested", ("<unknown>", 1, 1, None))


def _is_training_site(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=receiver, attr="compile")):
            return _configures_training(node) and not _compiles_something_else(receiver)
        case ast.Call(func=ast.Name(id=name)) | ast.alias(name=name):
            return "losses" in name.split(".") or _LOSS.search(name) is not None
        case ast.Attribute(value=ast.Attribute(attr="losses")):
            return True
        case ast.Attribute(attr=name):
            return _LOSS.search(name) is not None
        case ast.ImportFrom(module=str(module)):
            return "losses" in module.split(".")
    return False


def _configures_training(compile_call: ast.Call) -> bool:
    keywords = {keyword.arg for keyword in compile_call.keywords}  # None stands for **settings
    return bool(compile_call.args) or not keywords.isdisjoint(_COMPILE_KEYWORDS)


def _compiles_something_else(receiver: ast.expr) -> bool:
    return isinstance(receiver, ast.Name) and receiver.id in _OTHER_COMPILERS
