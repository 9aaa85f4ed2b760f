"""Objects that have become what a string names: programs that named their loss or accuracy do so again.

Logits need an object of the loss, and of an accuracy with a threshold; probabilities do not.
"""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Known, Metric, Output
from mllint.repairs import SetIdentifier
from mllint.rules import knowledge
from mllint.rules.metric_repairs import BY_FORM
from mllint.rules.pairs import value
from mllint.rules.readings import ACCURACY

FORMS = {"sparse": "numbers", "categorical": "rows"}
"""The form of the labels, by the family of the loss."""


def names(before: Output, after: Output) -> Iterator[SetIdentifier]:
    """The strings for what a conversion has changed in an output."""
    loss = after.loss
    took_logits = value(before.loss.from_logits) is True and value(loss.from_logits) is False
    if took_logits and loss.spelling == "instance" and loss.place is not None:
        yield SetIdentifier(loss.place, value(loss.name))
    for old, new in zip(before.metrics, after.metrics, strict=True):
        name = _name_of_its_own(new)
        is_changed = (old.name, old.threshold) != (new.name, new.threshold)
        if is_changed and name is not None and value(new.name) == _meant_by_accuracy(after):
            yield SetIdentifier(new.place, name)


def _name_of_its_own(metric: Metric) -> str | None:
    """The name that a metric is given, if it is one by which Keras picks an accuracy, and given nothing else."""
    if metric.spelling != "instance" or [parameter for parameter, _ in metric.arguments] != ["name"]:
        return None
    ((_, fact),) = metric.arguments
    name = fact.value if isinstance(fact, Known) else None
    row = knowledge.metrics().identify(name) if isinstance(name, str) else None
    return name if row is not None and row.name == ACCURACY else None


def _meant_by_accuracy(output: Output) -> str | None:
    """What Keras picks for 'accuracy'; None where that is not what the output needs."""
    if value(output.head.units) == 1:
        return "binary_accuracy"
    row = knowledge.losses().get(value(output.loss.name) or "")
    form = FORMS.get(row.family) if row is not None else None
    return BY_FORM[form] if form is not None else None
