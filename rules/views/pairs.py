"""A head and its loss as one pair: what the head/loss rules judge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mllint.facts import Encoding, Fact, Known, Output, TrainingSetup
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import LossFamily
from mllint.rules.views.ranges import Range, range_of
from mllint.rules.views.stages import chained_activations, last_activation, runs_over_last_axis

CROSSENTROPIES = frozenset({"binary", "categorical", "sparse"})
SQUASHING = frozenset({"softmax", "sigmoid"})


@dataclass(frozen=True, slots=True)
class Pair:
    """One output whose activation and loss are both known."""

    output: Output
    activation: str
    units: int | None
    loss: str
    family: LossFamily
    focal: bool
    from_logits: bool | None
    encoding: Encoding | None

    @property
    def head_text(self) -> str:
        """The head in words: "sigmoid over 10 units"."""
        if self.units is None:
            return f"{self.activation} head"
        return f"{self.activation} over {self.units} unit{'s' if self.units != 1 else ''}"

    @property
    def loss_text(self) -> str:
        """The loss in words: "categorical_crossentropy(from_logits=True)", "categorical_crossentropy on logits"."""
        if self.is_logits_op:
            return f"{self.loss} on logits"
        if not self.from_logits:
            return self.loss
        return f"{self.loss}(from_logits=True)"

    @property
    def text(self) -> str:
        """The pair as a message names it: "sigmoid over 10 units with categorical_crossentropy"."""
        return f"{self.head_text} with {self.loss_text}"

    @property
    def is_crossentropy(self) -> bool:
        return self.family in CROSSENTROPIES

    @property
    def range(self) -> Range | None:
        """The range of the activation."""
        return range_of(self.activation)

    @property
    def is_logits_op(self) -> bool:
        """A TensorFlow function on logits, which never looks for the activation behind them."""
        return self.output.loss.spelling == "op" and self.from_logits is True

    @property
    def is_constant(self) -> bool:
        """A softmax over a single unit: no loss can train it, and MLL104 says so."""
        return self.units == 1 and self.activation in {"softmax", "log_softmax"}

    @property
    def lacks_classes(self) -> bool:
        """One unit where the loss compares the units with each other: MLL105 says so."""
        return self.units == 1 and self.family in {"categorical", "sparse"}


def value(fact: Fact[Any]) -> Any:
    """The value of a known fact, None for an unknown one."""
    return fact.value if isinstance(fact, Known) else None


def pairs(setup: TrainingSetup) -> Iterator[Pair]:
    """The pairs of a setup that can be judged.

    Left out: heads that squash twice (activation-applied-twice reports them), and softmaxes or losses over another axis
    than the last, where the number of units is not the number of classes. A softmax over one unit and a single unit
    under a categorical loss have rules of their own; `judged_pairs` leaves them out too.
    """
    for output in setup.outputs:
        pair = _pair(output)
        if pair is not None and not chained_activations(output.head, SQUASHING, SQUASHING):
            yield pair


def judged_pairs(setup: TrainingSetup) -> Iterator[Pair]:
    """The pairs whose units leave something to learn."""
    return (pair for pair in pairs(setup) if not pair.is_constant and not pair.lacks_classes)


def _pair(output: Output) -> Pair | None:
    head, loss = output.head, output.loss
    if not isinstance(head.activation, Known) or not isinstance(loss.name, Known):
        return None
    row = knowledge.losses().get(loss.name.value)
    if row is None or loss.spelling == "missing" or value(loss.axis) not in (None, -1):
        return None
    if row.family in CROSSENTROPIES and all(spelling.from_logits is None for spelling in row.spellings):
        return None  # a cross-entropy in name that takes no logits: nothing was measured for it
    stage = last_activation(head)
    if stage is not None and not runs_over_last_axis(stage.axis):
        return None
    return Pair(
        output=output,
        activation=head.activation.value,
        units=value(head.units),
        loss=loss.name.value,
        family=row.family,
        focal=row.focal,
        from_logits=value(loss.from_logits),
        encoding=value(output.labels.encoding),
    )
