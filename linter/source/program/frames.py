"""What runs at a moment: the functions that are entered, and how a statement of one ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import libcst as cst

from mllint.source.program.conditions import World
from mllint.source.program.values import Function, Value

Signal = Literal["return", "raise", "break", "continue"] | None
"""How a statement leaves the block it stands in; None where the next one runs."""

NO_CALL = cst.Call(cst.Name("uncalled"))
"""Stands for the call of a function that nothing in the file calls."""


@dataclass(slots=True)
class Frame:
    """One running function (or the module, or a class body)."""

    scope: int
    function: Function | None = None
    receiver: Value | None = None
    outer_names: set[str] = field(default_factory=set)
    """Names declared global or nonlocal."""
    returns: list[tuple[World, Value]] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)
