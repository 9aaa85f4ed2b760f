"""What is asked for, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from mllint.findings import Location
from mllint.results import Rewrite

Goal: TypeAlias = Literal["multi-label", "multi-class", "binary", "logits", "probabilities"]
"""What the units answer, with logits staying logits; or what comes out, with the units answering what they answer."""

GOALS: Final[tuple[Goal, ...]] = get_args(Goal)


@dataclass(frozen=True, slots=True)
class Request:
    """Without a line every model of the file is meant."""

    goal: Goal
    line: int | None = None
    """1-based; the model whose compile or loss call, loss or head is nearest."""
    cell: int | None = None
    """In a notebook, the cell that the line is counted in: 1-based among all cells."""
    output: str | None = None
    """The name of one output of models with several."""


@dataclass(frozen=True, slots=True)
class Converted:
    """One output that was changed."""

    location: Location
    """Its compile or loss call, in the text before."""
    output: str | None
    """Its name where the model has several."""
    title: str
    """What was done, as an order: "train a sigmoid head with binary_crossentropy"."""
    labels_unknown: bool
    """Whether its labels are out of sight, so that the author must see to them."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What converting one file came to; nothing is converted where everything is what was asked for."""

    converted: tuple[Converted, ...]
    rewrite: Rewrite | None


class NotConverted(Exception):
    """Nothing is converted. `reason` completes the sentence "not converted: …" and starts in lower case."""

    def __init__(self, reason: str, location: Location | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.location = location
