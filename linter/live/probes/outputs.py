"""What the model returns for its batch and for random input of the same kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from mllint.live.subject import Subject, SubjectOutput
from mllint.measured import Values

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.generic]

SEED: Final = 4
STEPS: Final = 20
"""Steps of the histogram of the outputs."""


def of_batch(subject: Subject, output: SubjectOutput) -> Values:
    return _values(subject.predict()[output.index])


def of_random_input(subject: Subject, output: SubjectOutput) -> Values:
    """Input with the batch's mean and deviation, whole numbers from its range. Raises what the model raises."""
    import numpy as np

    random = np.random.RandomState(SEED)
    return _values(subject.predict(_random(subject.x, random))[output.index])


def _random(x: Any, random: Any) -> Any:
    import numpy as np

    if isinstance(x, dict):
        return {name: _random(one, random) for name, one in x.items()}
    if isinstance(x, list | tuple):
        return type(x)(_random(one, random) for one in x)
    array = np.asarray(x)
    if array.dtype.kind == "f":
        return (array.mean() + (array.std() or 1.0) * random.standard_normal(array.shape)).astype(array.dtype)
    if array.dtype.kind in "iu":
        return random.randint(int(array.min()), int(array.max()) + 1, array.shape).astype(array.dtype)
    return array[random.permutation(len(array))]


def _values(outputs: Array) -> Values:
    import numpy as np

    array = np.asarray(outputs, dtype="float64")
    rows = array.reshape(-1, array.shape[-1]) if array.ndim > 1 else array[:, None]
    finite = np.isfinite(rows)
    kept = rows[finite.all(axis=1)]
    sums = kept.sum(axis=1)
    return Values(
        low=float(rows[finite].min()) if finite.any() else float("nan"),
        high=float(rows[finite].max()) if finite.any() else float("nan"),
        finite=float(finite.mean()),
        spread=float(np.ptp(kept, axis=0).max()) if len(kept) > 1 else float("nan"),
        row_sums=(float(sums.min()), float(sums.max())) if rows.shape[1] > 1 and len(kept) else None,
        counts=tuple(map(int, np.histogram(rows[finite], STEPS)[0])) if finite.any() else (),
    )
