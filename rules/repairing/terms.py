"""The words in which a pairing is stated, and why there may be none."""

from __future__ import annotations

from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["multi-label", "multi-class", "binary"]
"""What the units answer: which labels apply, which one class it is, yes or no."""

Form: TypeAlias = Literal["probabilities", "logits"]
"""What the head returns."""

LabelForm: TypeAlias = Literal["numbers", "rows", "column"]
"""Class numbers; one column per unit; one column of 0 and 1."""


class CannotPair(Exception):
    """No set of changes makes the output such a pairing.

    `reason` completes the sentence "not converted: …": it starts in lower case and has no final full stop.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
