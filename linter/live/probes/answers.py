"""How users read the outputs of a head, and whether what they read is the right answer to a question."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from mllint.facts import Known, Output
from mllint.live.probes.questions import Question
from mllint.measured import Bounds
from mllint.rules import knowledge

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.floating[Any]]

Probability: TypeAlias = Literal["as-is", "exponential", "softmax", "sigmoid"]
"""What turns outputs into probabilities."""

TIE: Final = 1e-5
"""Outputs closer than this are a tie, which no argmax decides."""
CLOSE_DIRECTION: Final = 0.15
"""Largest difference of two unit vectors that count as the same direction."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """Where an output turns from no to yes, and which probability it stands for."""

    thresholds: tuple[float, ...]
    """More than one where the program could mean either."""
    probability: Probability | None
    direction_only: bool
    """The loss leaves the scale open, so only the order or direction of the outputs means something."""


def decoding(output: Output, bounds: Bounds, units: int, scale_free: bool) -> Decoding:
    """How the outputs of a head with these bounds are read under this output's loss."""
    name = output.loss.name.value if isinstance(output.loss.name, Known) else None
    row = knowledge.losses().get(name) if name is not None else None
    family = row.family if row is not None else None
    logits = output.loss.from_logits.value if isinstance(output.loss.from_logits, Known) else None
    signed_labels = isinstance(output.labels.encoding, Known) and output.labels.encoding.value == "signed"
    reads_sign = bool(logits) or family == "hinge" or signed_labels
    crossentropy = family in ("binary", "categorical", "sparse")
    return Decoding(
        thresholds=_thresholds(bounds, reads_sign, row is None),
        probability=_probability(bounds, row is not None, bool(logits), family != "binary" and units > 1),
        direction_only=scale_free and units > 1 and not crossentropy,
    )


def _thresholds(bounds: Bounds, reads_sign: bool, unknown_loss: bool) -> tuple[float, ...]:
    if bounds.high <= 0:
        return (math.log(0.5),)
    if bounds.low >= 0:
        return (0.5,)
    return (0.0, 0.5) if unknown_loss else (0.0,) if reads_sign else (0.5,)


def _probability(bounds: Bounds, known_loss: bool, logits: bool, exclusive: bool) -> Probability | None:
    """None where nobody can tell: values beyond 0 and 1 under a loss of the program's own."""
    if bounds.low >= 0 and bounds.high <= 1:
        return "as-is"
    if bounds.high <= 0:
        return "exponential"
    if not known_loss:
        return None
    is_unbounded = bounds.low < -1 and bounds.high > 1
    return ("softmax" if exclusive else "sigmoid") if logits and is_unbounded else "as-is"


def right(question: Question, values: Floats, decoding: Decoding) -> tuple[Floats, Floats]:
    """For each row of outputs whether it is the right answer (shape (rows,), 0 or 1), and how far its probabilities
    are from the frequencies (NaN where the two have different sizes)."""
    import numpy as np

    finite = np.isfinite(values).all(axis=1)
    values = np.nan_to_num(values.astype("float64"))
    with np.errstate(all="ignore"):
        if question.sort == "numbers":
            answers, gap = _numbers(question, values, decoding)
        elif question.sort == "one":
            answers, gap = _one(question, values, decoding)
        else:
            answers, gap = _columns(question, values, decoding)
    return np.where(finite, answers, 0.0), np.where(finite, gap, np.nan)


def _one(question: Question, values: Floats, decoding: Decoding) -> tuple[Floats, Floats]:
    import numpy as np

    best = int(question.frequencies.argmax())
    unknown = np.full(len(values), np.nan)
    if values.shape[1] == 1:
        return (values[:, 0].round() == best).astype("float64"), unknown
    ordered = np.sort(values, axis=1)
    decided = (values.argmax(axis=1) == best) & (ordered[:, -1] - ordered[:, -2] > TIE)
    if values.shape[1] < len(question.frequencies):
        return decided.astype("float64"), unknown
    expected = np.pad(question.frequencies, (0, values.shape[1] - len(question.frequencies)))
    return decided.astype("float64"), np.abs(_probabilities(values, decoding) - expected).sum(axis=1) / 2


def _columns(question: Question, values: Floats, decoding: Decoding) -> tuple[Floats, Floats]:
    import numpy as np

    wanted = question.frequencies > 0.5
    if values.shape[1] != len(wanted):
        return np.zeros(len(values)), np.full(len(values), np.nan)
    if decoding.direction_only:
        lowest_yes = np.where(wanted, values, np.inf).min(axis=1)
        highest_no = np.where(wanted, -np.inf, values).max(axis=1)
        return (lowest_yes > highest_no).astype("float64"), np.full(len(values), np.nan)
    decided = [((values > threshold) == wanted).all(axis=1) for threshold in decoding.thresholds]
    gap = np.abs(_probabilities(values, decoding) - question.frequencies).mean(axis=1)
    return np.max(decided, axis=0).astype("float64"), gap


def _numbers(question: Question, values: Floats, decoding: Decoding) -> tuple[Floats, Floats]:
    import numpy as np

    if values.shape[1] != len(question.frequencies):
        return np.zeros(len(values)), np.full(len(values), np.nan)
    if decoding.direction_only:
        off = np.abs(_directions(values) - _directions(question.frequencies[None])).max(axis=1)
        return (off < CLOSE_DIRECTION).astype("float64"), np.zeros(len(values))
    off = np.abs(values - question.frequencies).max(axis=1)
    return (off < question.tolerance).astype("float64"), np.zeros(len(values))


def _directions(rows: Floats) -> Floats:
    import numpy as np

    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))


def _probabilities(values: Floats, decoding: Decoding) -> Floats:
    import numpy as np

    if decoding.probability is None:
        return np.full(values.shape, np.nan)
    if decoding.probability == "exponential":
        return np.asarray(np.exp(values))
    if decoding.probability == "softmax":
        powers = np.exp(values - values.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))
    if decoding.probability == "sigmoid":
        return np.asarray(1 / (1 + np.exp(-values)))
    return np.clip(values, 0, 1)
