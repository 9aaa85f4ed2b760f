"""Which files are worth the dear parser: first by their bytes, then by Python's own syntax tree.

Both may let through what holds nothing to judge; neither may drop what does.
"""

from __future__ import annotations

import ast
import re

from mllint.source.syntax import parse

_FRAMEWORK = re.compile(rb"keras|tensorflow|\btf\.")
_TRAINING = re.compile(rb"compile|entropy|[lL]oss|GradientTape|from_logits")
_SNIPPET = re.compile(rb"(?<![\w.])(?:Sequential|Model)\(")
_LOSS_NAME = re.compile(r"entropy|losses$|^ctc_|^GradientTape$", re.IGNORECASE)
_OTHER_COMPILERS = frozenset({"re", "regex", "re2", "sre_compile", "py_compile", "torch"})


def may_hold_training(raw: bytes) -> bool:
    """Whether the bytes of a file or notebook name the framework and something that belongs to training.

    A snippet may leave its imports out: there a model that is compiled is enough.
    """
    if _FRAMEWORK.search(raw) is not None:
        return _TRAINING.search(raw) is not None
    return b".compile(" in raw and _SNIPPET.search(raw) is not None


def holds_training_site(text: str) -> bool:
    """Whether the code compiles a model or names a loss. Raises SyntaxError."""
    return any(_is_training_site(node) for node in ast.walk(parse(text)))


def _is_training_site(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=receiver, attr="compile")):
            return bool(node.args or node.keywords) and not _compiles_something_else(receiver)
        case ast.Attribute(attr=name) | ast.Name(id=name) | ast.alias(name=name):
            return _LOSS_NAME.search(name) is not None
        case ast.ImportFrom(module=str(module)):
            return _LOSS_NAME.search(module.rpartition(".")[2]) is not None
    return False


def _compiles_something_else(receiver: ast.expr) -> bool:
    return isinstance(receiver, ast.Name) and receiver.id in _OTHER_COMPILERS
