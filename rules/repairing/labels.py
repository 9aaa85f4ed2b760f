"""The labels that a pairing needs: what they are, what they must become, and how many units they call for."""

from __future__ import annotations

from dataclasses import dataclass

from mllint.facts import Encoding, Output
from mllint.rules.knowledge.rows import LossRow
from mllint.rules.repairing.terms import CannotPair, Kind, LabelForm
from mllint.rules.views.pairs import value

NO_CLASSES = {
    "signed": "the labels are -1 and 1",
    "continuous": "the labels are numbers to predict",
    "image": "the targets are pictures",
    "self": "the targets are the inputs",
    "string": "the labels are text",
}


@dataclass(frozen=True, slots=True)
class PairedLabels:
    """The labels of a pairing, and the units of its head."""

    form: LabelForm
    units: int | None
    """None where nobody knows and nothing changes."""
    encoding: Encoding | None = None
    """What the labels must become; None where they stay."""
    classes: int | None = None


def paired_labels(output: Output, loss: LossRow, kind: Kind) -> PairedLabels:
    """The labels that go with this kind of pairing; unknown ones are what the loss of today can be trained with.

    Raises CannotPair.
    """
    encoding = value(output.labels.encoding)
    if encoding in NO_CLASSES:
        raise CannotPair(NO_CLASSES[encoding])
    if _has_more_axes_than_labels(output):
        raise CannotPair("the labels have fewer axes than the output")
    if kind == "multi-label":
        return _several_labels(output, loss, encoding)
    if kind == "multi-class":
        return _one_class(output, loss, encoding)
    return _one_answer(output, loss, encoding)


def _several_labels(output: Output, loss: LossRow, encoding: str | None) -> PairedLabels:
    units = value(output.head.units)
    if units == 1:
        raise CannotPair("a single unit cannot answer for several labels")
    if encoding in {"binary", "distribution"}:
        raise CannotPair(f"{encoding} labels do not name several labels per sample")
    if encoding == "integer":
        if units is None:
            raise CannotPair("the number of labels is not known")
        return PairedLabels("rows", units, "one-hot", units)
    if encoding is None and _form_by_loss(output, loss) != "rows":
        raise CannotPair("the labels are class numbers that are made out of sight")
    return PairedLabels("rows", units)


def _one_class(output: Output, loss: LossRow, encoding: str | None) -> PairedLabels:
    if encoding == "multi-hot":
        raise CannotPair("the labels name several classes per sample")
    units = value(output.head.units)
    form = _form_by_loss(output, loss) if encoding is None else _FORMS[encoding]
    if units == 1:
        units = _number_of_classes(output, form)
    elif form == "numbers" and loss.family != "sparse" and units is not None and (_largest(output) or 0) >= units:
        raise CannotPair(f"class {_largest(output)} has no unit")
    return PairedLabels("numbers" if form == "column" else form, units)


def _one_answer(output: Output, loss: LossRow, encoding: str | None) -> PairedLabels:
    units = value(output.head.units)
    if units not in (1, 2):
        raise CannotPair("the number of units is not known" if units is None else f"the head has {units} units")
    if encoding in {"multi-hot", "distribution"}:
        raise CannotPair(f"{encoding} labels have several columns")
    if encoding == "one-hot":
        if value(output.labels.last_axis) not in (None, 2):
            raise CannotPair("the labels have more than two classes")
        return PairedLabels("column", 1, "binary", 2)
    if encoding == "integer" and (_largest(output) or 0) > 1:
        raise CannotPair("the labels have more than two classes")
    if encoding is None and units == 2 and _form_by_loss(output, loss) == "rows":
        raise CannotPair("the labels have one column per class and are made out of sight")
    return PairedLabels("column", 1)


_FORMS: dict[str, LabelForm] = {
    "one-hot": "rows",
    "distribution": "rows",
    "integer": "numbers",
    "binary": "column",
}


def _form_by_loss(output: Output, loss: LossRow) -> LabelForm:
    """What the labels must be for the program to train at all."""
    if loss.family == "sparse":
        return "numbers"
    if loss.family in {"categorical", "divergence"}:
        return "rows"
    if loss.family == "binary":
        return "column" if value(output.head.units) == 1 else "rows"
    raise CannotPair(f"the labels are not known, and {loss.name} takes many")


def _has_more_axes_than_labels(output: Output) -> bool:
    """Labels of one value or row per sample, against an output of one row per point of a picture or sequence."""
    stages, rank = output.head.stages, value(output.labels.rank)
    if rank is None or rank > 2 or any(stage.role in {"shape", "pool", "opaque"} for stage in stages):
        return False
    head_rank = value(output.head.rank) if output.head.rank is not None else None
    by_point = any(stage.role == "scores" and "Conv" in stage.symbol for stage in stages)
    return by_point or (head_rank is not None and head_rank > 2 and rank < head_rank - 1)


def _number_of_classes(output: Output, form: LabelForm) -> int:
    if form == "column":
        return 2
    largest = _largest(output)
    columns = value(output.labels.last_axis) if form == "rows" else None
    number = columns if columns is not None else None if largest is None else largest + 1
    if number is None or number < 2:
        raise CannotPair("the number of classes is not known")
    return int(number)


def _largest(output: Output) -> int | None:
    """The largest class number, from the number of classes or the values that were seen."""
    classes, high = value(output.labels.classes), value(output.labels.high)
    seen = [int(number) for number in (classes - 1 if classes is not None else None, high) if number is not None]
    return max(seen, default=None)
