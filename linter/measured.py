"""What running a model on one batch shows: numbers that the live lens measures and rules judge.

Everything here is immutable and holds plain numbers and text, so that it can be sent between processes. A loss or an
output may be infinite or NaN: that is a measurement too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Reached: TypeAlias = Literal["inconsistent", "fragile", "noise-inconsistent", "decision-only", "calibrated"]
"""How far the head gets when its scores are free: no start leads to the right answer; only some do (less than 75 %);
the answer is right for clean labels and wrong for noisy ones; the answer is right and the values are no probabilities;
the values are right too."""


@dataclass(frozen=True, slots=True)
class Values:
    """The outputs for one batch."""

    low: float
    high: float
    """Smallest and largest finite value."""
    finite: float
    """Share of values that are finite."""
    spread: float
    """Largest difference that any unit shows between two samples: 0 where the output is constant, NaN for one row."""
    row_sums: tuple[float, float] | None
    """Smallest and largest sum over the units; None for a single unit."""
    counts: tuple[int, ...] = ()
    """How many finite values lie in each of equally wide steps from low to high."""


@dataclass(frozen=True, slots=True)
class Losses:
    """The loss of the batch, computed in several ways."""

    training: float
    """As fit computes it, in inference mode."""
    of_predictions: float | None
    """loss(y, model.predict(x)); None where it raises."""
    guessing: float | None
    """The loss of the answer that gives each of three or more exclusive classes the same probability, else None."""
    untrained: bool
    """The optimizer has not made a step, as far as it tells."""


@dataclass(frozen=True, slots=True)
class Gradients:
    """The gradient of the batch's loss with respect to the scores of the head."""

    finite: bool
    largest: float
    """Largest absolute entry for the batch with the weights as they are; 0 where nothing is left to learn from."""
    competing: bool
    """Raising all scores by the same amount changes no loss: it only compares the scores with each other."""
    norms: tuple[float, ...] = ()
    """Euclidean norm for each sample of the batch, of the loss of that sample alone; NaN and infinite as they are."""


@dataclass(frozen=True, slots=True)
class Elicitation:
    """What becomes of free scores under labels of known frequencies."""

    reached: Reached
    clean: float
    """Share of starts from which every set of clean labels gets its right answer."""
    noisy: float
    """The same with the noisy labels as well."""
    gap: float | None
    """Largest distance between the outputs and the frequencies of the labels; None where those are no shares."""
    dead: float
    """Largest share of starts, over the sets of labels, at which the gradient is 0 or not finite."""
    scale_free: bool
    """The loss does not change when the outputs are doubled, so it fixes no values but only their direction."""
    curve: tuple[float, ...]
    """Loss over the steps, evenly thinned, first to last."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the head returns whatever the scores are, from a sweep over scores of both signs."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LabelFit:
    """The labels of the batch against the units of the head."""

    low: float
    high: float
    without_unit: int
    """Class numbers of the batch that are below 0 or not below the number of units, where the loss takes class
    numbers; 0 elsewhere."""
    row_sums: tuple[float, float] | None
    """Smallest and largest sum over the columns; None for a single column."""
    several: float
    """Share of rows in which more than one class applies; 0 where labels are no 0/1 rows."""
    spread_over_units: bool
    """Each unit is compared with the class number itself: repeating the one column for every unit changes no loss."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A confident mistake, put to a head that computes in 16 bits: the score of a wrong answer is `margin` too high."""

    dtype: str
    margin: float
    loss: float
    gradient: float
    """Largest absolute entry with respect to the scores; the same head in float32 gives about 1 over the samples."""


@dataclass(frozen=True, slots=True)
class MetricValue:
    """One metric of the batch as evaluate() reports it, next to a count of right answers."""

    name: str
    reported: float
    counted: float
    """Share of right answers: rows by argmax, columns by threshold."""


@dataclass(frozen=True, slots=True)
class Devices:
    """The same weights and the same batch on two devices."""

    first: str
    second: str
    largest_difference: float
    relative: float
    """The largest difference over the largest absolute output."""
    other_answers: int
    """Samples whose largest output is another unit, or lies on the other side of the threshold."""
    samples: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A probe that measured nothing; the reason completes "not measured: …"."""

    probe: str
    reason: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What the probes found for one output; None for what was not measured, of which `skipped` tells the reason."""

    batch: Values | None = None
    random: Values | None = None
    """Outputs for random input of the batch's shape and range."""
    bounds: Bounds | None = None
    losses: Losses | None = None
    raised: str | None = None
    """What Keras says where the loss of the batch cannot be computed."""
    recovers: bool | None = None
    """Keras takes the logits back: for random scores the loss of the output's tensor is not that of its values."""
    gradients: Gradients | None = None
    elicitation: Elicitation | None = None
    labels: LabelFit | None = None
    mistake: Mistake | None = None
    metrics: tuple[MetricValue, ...] = ()
    devices: Devices | None = None
    skipped: tuple[Skipped, ...] = ()
