"""The arguments of a call by the names of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mllint.source.program.values import Arguments, Value

if TYPE_CHECKING:
    from mllint.rules.knowledge.rows import Signature


def argument(arguments: Arguments, signature: Signature, name: str) -> Value | None:
    """The argument for a parameter of the signature, wherever it stands in the call."""
    position = signature.parameters.index(name) if name in signature.parameters else None
    return arguments.get(name, position)
