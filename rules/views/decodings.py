"""A decoding and the output it reads, as the decoding rules judge them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mllint.facts import Decoding, Encoding, Known, Output, TrainingSetup
from mllint.rules.views.pairs import Pair, judged_pairs, value
from mllint.rules.views.ranges import Range, range_of
from mllint.rules.views.targets import RECONSTRUCTION


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the program does with the predictions of one output."""

    output: Output
    decoding: Decoding
    units: int | None
    range: Range | None
    encoding: Encoding | None
    pair: Pair | None
    """Head and loss, where both are known and leave something to learn."""

    @property
    def runs_over_units(self) -> bool:
        """Whether an argmax compares the units of one sample."""
        return runs_over_units(self.output, self.decoding)

    @property
    def threshold(self) -> float | None:
        """Where the decoding turns from no to yes: rounding does so at 0.5."""
        if self.decoding.kind == "round":
            return 0.5
        return value(self.decoding.threshold) if self.decoding.kind == "threshold" else None


def decodings(setup: TrainingSetup) -> Iterator[Decoded]:
    """The decodings that can be judged; pictures may be compared with anything."""
    pairs = {id(pair.output): pair for pair in judged_pairs(setup)}
    for output in setup.outputs:
        if value(output.labels.encoding) in RECONSTRUCTION:
            continue
        activation = output.head.activation
        for decoding in output.decodings:
            yield Decoded(
                output=output,
                decoding=decoding,
                units=value(output.head.units),
                range=range_of(activation.value) if isinstance(activation, Known) else None,
                encoding=value(output.labels.encoding),
                pair=pairs.get(id(output)),
            )


def runs_over_units(output: Output, decoding: Decoding) -> bool:
    """Whether an argmax over the predictions of an output compares the units of one sample."""
    axis, rank = value(decoding.axis), output.head.rank
    return axis == -1 or (axis == 1 and (rank is None or value(rank) == 2))


def turning_point(decoded: Decoded) -> float | None:
    """Where the units turn from no to yes; None where head and loss do not tell."""
    pair = decoded.pair
    if decoded.range == "unit":
        return 0.5
    if pair is None or decoded.range not in {"unbounded", "signed"}:
        return None
    on_logits = pair.is_crossentropy and pair.from_logits is True and decoded.range == "unbounded"
    return 0 if on_logits or pair.family == "hinge" else None
