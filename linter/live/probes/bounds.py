"""Between which values a head stays whatever its scores are."""

from __future__ import annotations

from typing import Final

from mllint.live.head import FreeHead
from mllint.measured import Bounds

SWEEP: Final = (-1e4, -100.0, -10.0, -3.0, -1.0, -0.3, 0.0, 0.3, 1.0, 3.0, 10.0, 100.0, 1e4)
RANDOM_ROWS: Final = 32
RANDOM_SPREAD: Final = 3.0


def measure_bounds(head: FreeHead) -> Bounds:
    """Sweeps scores of every size, alike in all units and different. Raises what the model raises."""
    import numpy as np

    random = np.random.RandomState(2)
    alike = np.repeat(np.asarray(SWEEP)[:, None], head.units, axis=1)
    single = np.concatenate([np.roll(alike, 1, axis=0), alike]).astype("float32")
    single[:, 1:] = 0
    mixed = random.randn(RANDOM_ROWS, head.units) * RANDOM_SPREAD
    scores = np.concatenate([alike, single, mixed]).astype("float32")
    values = head.values(scores)
    finite = values[np.isfinite(values)]
    return Bounds(
        low=float(finite.min()) if finite.size else float("nan"),
        high=float(finite.max()) if finite.size else float("nan"),
    )
