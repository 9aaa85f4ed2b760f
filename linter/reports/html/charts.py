"""Plots as plain geometry, which the page draws as SVG: bars for counts, a curve for values by step.

The drawing area is WIDTH by HEIGHT units, y grows downwards; the page scales it to the screen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 320.0
HEIGHT: Final = 120.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a histogram, with what it counts in words."""

    x: float
    y: float
    width: float
    height: float
    label: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often values fall between the edges."""

    title: str
    bars: tuple[Bar, ...]
    low: str
    high: str

    @property
    def summary(self) -> str:
        return f"{self.title}: {'; '.join(bar.label for bar in self.bars if bar.height > 0) or 'no values'}"


@dataclass(frozen=True, slots=True)
class Curve:
    """A value by step."""

    title: str
    points: str
    """For an SVG polyline: "x,y x,y"."""
    top: str
    bottom: str

    @property
    def summary(self) -> str:
        return f"{self.title}: between {self.bottom} and {self.top}"


def histogram(title: str, counts: Sequence[int], edges: Sequence[float]) -> Histogram:
    """Bars for `counts`, of which number i lies between edges i and i + 1."""
    highest = max(counts, default=0) or 1
    width = WIDTH / max(len(counts), 1)
    bars = tuple(
        Bar(
            x=index * width,
            y=HEIGHT * (1 - count / highest),
            width=width * 0.92,
            height=HEIGHT * count / highest,
            label=f"{count} from {number(low)} to {number(high)}",
        )
        for index, (count, low, high) in enumerate(zip(counts, edges, edges[1:], strict=False))
    )
    return Histogram(title, bars, number(edges[0]) if edges else "", number(edges[-1]) if edges else "")


def steps(low: float, high: float, count: int) -> list[float]:
    """The edges of `count` equally wide steps; as wide as numpy makes them where all values are the same."""
    if low == high:
        low, high = low - 0.5, high + 0.5
    return [low + (high - low) * index / count for index in range(count + 1)]


def curve(title: str, values: Sequence[float]) -> Curve | None:
    """A line through the finite values; None where there are fewer than two."""
    finite = [(step, value) for step, value in enumerate(values) if math.isfinite(value)]
    if len(finite) < 2:
        return None
    low, high = min(value for _, value in finite), max(value for _, value in finite)
    height = (high - low) or 1.0
    last = max(len(values) - 1, 1)
    points = " ".join(
        f"{WIDTH * step / last:.1f},{HEIGHT * (1 - (value - low) / height):.1f}" for step, value in finite
    )
    return Curve(title, points, number(high), number(low))


def number(value: float) -> str:
    """A figure with four digits that count."""
    return f"{value:.4g}"
