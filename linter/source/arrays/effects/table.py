"""The handlers of all kinds of calls, by the names that label_sources.yaml gives them."""

from __future__ import annotations

from mllint.source.arrays.calls import Effect
from mllint.source.arrays.effects import (
    computation,
    concatenation,
    copies,
    distinct_values,
    filled,
    generated,
    label_encoders,
    one_hot,
    random_numbers,
    ranges,
    scalers,
    shapes,
    splits,
    texts,
)

EFFECTS: dict[str, Effect] = {
    **computation.EFFECTS,
    **concatenation.EFFECTS,
    **copies.EFFECTS,
    **distinct_values.EFFECTS,
    **filled.EFFECTS,
    **generated.EFFECTS,
    **label_encoders.EFFECTS,
    **one_hot.EFFECTS,
    **random_numbers.EFFECTS,
    **ranges.EFFECTS,
    **scalers.EFFECTS,
    **shapes.EFFECTS,
    **splits.EFFECTS,
    **texts.EFFECTS,
}
