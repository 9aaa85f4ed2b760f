"""From the data given to fit to the Labels fact."""

from __future__ import annotations

from collections.abc import Sequence

from mllint.facts import Encoding, Fact, Known, Labels, Unknown
from mllint.source.heads import PlaceOf
from mllint.source.values import Arguments


def read_labels(fits: Sequence[Arguments] | None, place: PlaceOf) -> Labels:
    """The labels that reach the fit calls of a model.

    Where the model is fitted to its own input, the encoding is known to be "self".
    """
    unknown = Unknown("where the labels come from is not followed")
    encoding: Fact[Encoding] = unknown
    where = None
    for fit in fits or ():
        x, y = fit.get("x", 0), fit.get("y", 1)
        if x is not None and x is y and y.node is not None:
            where = place(y.node)
            encoding = Known("self", where)
    return Labels(encoding, unknown, unknown, unknown, unknown, unknown, unknown, where)
