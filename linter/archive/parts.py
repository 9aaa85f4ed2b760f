"""Names inside a saved model: what a finding points at, and how to write down what a file calls something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

LONGEST: Final = 100
"""Characters of a name from a file that are shown."""


@dataclass(frozen=True, slots=True)
class Part:
    """A layer or a setting of the model: the anchor of this lens's places."""

    kind: Literal["layer", "setting", "option", "file"]
    name: str

    def __str__(self) -> str:
        """As a report names it: "layer dense_1", "compile_config.loss"."""
        return f"layer {self.name}" if self.kind == "layer" else self.name


def shown(name: object) -> str:
    """A name that a terminal can show: files may hold anything, control characters and endless names included."""
    text = "".join(char if char.isprintable() else "\ufffd" for char in str(name)[: LONGEST + 1])
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
