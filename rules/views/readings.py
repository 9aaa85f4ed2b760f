"""A metric and the output it reads, as the metric rules judge them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mllint.facts import Encoding, Fact, Known, Metric, Output, TrainingSetup
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import LossFamily, MetricRow
from mllint.rules.views.pairs import Pair, pairs, value
from mllint.rules.views.ranges import Range, range_of
from mllint.rules.views.targets import CLASS_IDS, RECONSTRUCTION, ROWS_OF_CLASSES

ACCURACY = "accuracy"
"""What 'accuracy' and 'acc' name: a metric that Keras picks by the shapes of labels and output."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One metric of one output, both known by name."""

    output: Output
    metric: Metric
    row: MetricRow
    units: int | None
    range: Range | None
    encoding: Encoding | None
    family: LossFamily | None
    """The family of the loss."""
    pair: Pair | None
    """Head and loss, where the two are known and sound enough to be judged together."""

    @property
    def text(self) -> str:
        """The metric as the messages name it."""
        return f"'{self.row.name}'" if self.metric.spelling == "string" else self.row.name

    @property
    def decides_once(self) -> bool:
        return self.units == 1

    @property
    def label_form(self) -> Literal["numbers", "rows"] | None:
        """Class numbers or one column per class: the loss asks for one of the two, or else the labels were seen."""
        if self.units is None or self.units < 2:
            return None
        if self.family == "sparse":
            return "numbers"
        if self.family == "categorical":
            return "rows"
        if self.encoding in CLASS_IDS:
            return "numbers"
        return "rows" if self.encoding in ROWS_OF_CLASSES else None

    @property
    def reads_logits(self) -> bool:
        """Raw scores that only the loss knows to be such."""
        pair = self.pair
        return pair is not None and pair.is_crossentropy and pair.from_logits is True and pair.range == "unbounded"

    def argument(self, name: str) -> Fact[object] | None:
        """What the program passes for a parameter; None where it relies on the default."""
        return dict(self.metric.arguments).get(name)


def readings(setup: TrainingSetup) -> Iterator[Reading]:
    """The metrics that can be judged; those of reconstructions cannot, and those of constant heads need not."""
    sound = {id(pair.output): pair for pair in pairs(setup)}
    for output in setup.outputs:
        pair = sound.get(id(output))
        if value(output.labels.encoding) in RECONSTRUCTION or (pair and (pair.is_constant or pair.lacks_classes)):
            continue
        for metric in output.metrics:
            row = knowledge.metrics().get(metric.name.value) if isinstance(metric.name, Known) else None
            if row is not None:
                yield _reading(output, metric, row, pair)


def _reading(output: Output, metric: Metric, row: MetricRow, pair: Pair | None) -> Reading:
    activation = value(output.head.activation)
    loss = knowledge.losses().get(value(output.loss.name) or "")
    return Reading(
        output=output,
        metric=metric,
        row=row,
        units=value(output.head.units),
        range=range_of(activation) if activation is not None else None,
        encoding=value(output.labels.encoding),
        family=loss.family if loss is not None and output.loss.spelling != "missing" else None,
        pair=pair,
    )
