"""The labels of the batch against the units of the head and what the loss can take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from mllint.facts import Known
from mllint.live.subject import Subject, SubjectOutput
from mllint.measured import LabelFit
from mllint.rules import knowledge

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.generic]

SAME: Final = 1e-6


def measure_labels(subject: Subject, output: SubjectOutput) -> LabelFit | None:
    """None where the labels are no numbers."""
    import numpy as np

    assert output.labels is not None
    values = np.asarray(output.labels)
    if values.dtype.kind not in "biuf" or values.size == 0:
        return None
    columns = values.ndim > 1 and values.shape[-1] > 1
    predictions = subject.predict()[output.index]
    sums = values.astype("float64").sum(axis=-1) if columns else None
    return LabelFit(
        low=float(values.min()),
        high=float(values.max()),
        without_unit=_without_unit(output, values, predictions.shape[-1]),
        row_sums=None if sums is None else (float(sums.min()), float(sums.max())),
        several=_several(values) if columns and values.ndim == predictions.ndim else 0.0,
        spread_over_units=_is_spread(subject, output, values, predictions),
    )


def _without_unit(output: SubjectOutput, values: Array, units: int) -> int:
    import numpy as np

    name = output.facts.loss.name
    row = knowledge.losses().get(name.value) if isinstance(name, Known) else None
    if row is None or row.family != "sparse":
        return 0
    ignored = getattr(output.loss, "ignore_class", None)
    numbers = values.astype("float64")
    outside = (numbers < 0) | (numbers >= units)
    return int(np.count_nonzero(outside if ignored is None else outside & (numbers != ignored)))


def _several(values: Array) -> float:
    import numpy as np

    numbers = values.astype("float64")
    if not np.isin(numbers, (0, 1)).all():
        return 0.0
    return float((numbers.sum(axis=-1) > 1).mean())


def _is_spread(subject: Subject, output: SubjectOutput, values: Array, predictions: Array) -> bool:
    """Whether one column of labels is compared with every unit: repeating it leaves the loss as it is."""
    import numpy as np

    units = predictions.shape[-1] if predictions.ndim > 1 else 1
    if output.loss is None or units < 2 or values.ndim not in (predictions.ndim - 1, predictions.ndim):
        return False
    column = values[..., None] if values.ndim < predictions.ndim else values
    if column.shape[-1] != 1:
        return False
    try:
        once = subject.offline_loss(output, column, predictions)
        repeated = subject.offline_loss(output, np.repeat(column, units, axis=-1), predictions)
    except Exception:  # a loss that takes class numbers refuses the repeated ones
        return False
    return bool(abs(once - repeated) <= SAME * max(1.0, abs(once)))
