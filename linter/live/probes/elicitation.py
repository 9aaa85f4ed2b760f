"""Can this head reach the right answer for these labels under this loss? One input, labels of known frequencies, and
scores that are free to move: what the loss drives them to shows what it means, whatever code computes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from mllint.facts import Known
from mllint.live import autodiff
from mllint.live.head import FreeHead
from mllint.live.probes.answers import Decoding, decoding, right
from mllint.live.probes.questions import NotAsked, Question, questions
from mllint.measured import Bounds, Elicitation, Reached

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.floating[Any]]
    Array: TypeAlias = NDArray[np.generic]

STEPS: Final = 400
STARTS: Final = 8
SPREAD: Final = 0.7
"""Standard deviation of the scores at the start."""
NUDGE: Final = 0.02
"""Where moving a score so little leaves its unit as it is, to the bit and in 16 bits too, the head is flat."""
ENOUGH: Final = 0.75
"""Share of starts that must lead to the right answer."""
CALIBRATED: Final = 0.04
"""Largest distance from the frequencies at which outputs count as probabilities."""
NO_GRADIENT: Final = 1e-9
MOST_VALUES: Final = 4_000_000
"""Outputs computed in one step, beyond which the probe would take too long."""
CURVE_POINTS: Final = 40


def elicit(head: FreeHead, bounds: Bounds) -> Elicitation:
    """Moves free scores to where the loss wants them. Raises NotAsked, and whatever the loss raises."""
    import numpy as np

    asked = _questions(head)
    draws = len(asked[0].labels)
    shape = head.shape()
    if len(asked) * STARTS * draws * int(np.prod(shape)) > MOST_VALUES:
        raise NotAsked("the output has too many values for one sample")
    start = np.tile(_starts(head), (len(asked), 1))
    labels = np.concatenate([_as_given(head, np.tile(each.labels, _tiling(each)), shape) for each in asked])
    descent = autodiff.descend(head.subject, _loss(head, labels, draws), start, STEPS)
    free = _is_scale_free(head, labels, np.repeat(start, draws, axis=0))
    found = _score(
        asked, head.values(descent.end.astype("float32")), decoding(head.output.facts, bounds, shape[-1], free)
    )
    return Elicitation(
        reached=_verdict(asked, *found),
        clean=float(found[0][[each.clean for each in asked]].all(axis=0).mean()),
        noisy=float(found[0].all(axis=0).mean()),
        gap=_gap(found[1]),
        dead=_dead(descent.first_gradient, len(asked)),
        scale_free=free,
        curve=_thinned(descent.losses),
    )


def _questions(head: FreeHead) -> tuple[Question, ...]:
    output = head.output
    if output.labels is None:
        raise NotAsked("no labels are given")
    if output.loss is None:
        raise NotAsked("the model has no loss")
    encoding = output.facts.labels.encoding
    known = encoding.value if isinstance(encoding, Known) else None
    return questions(output.labels, known, head.shape()[-1], _has_columns(output.labels, head.shape()))


def _has_columns(labels: Array, shape: tuple[int, ...]) -> bool:
    """Whether the last axis of the labels holds one value per unit, and not one per position."""
    return labels.ndim > 1 and labels.shape[-1] > 1 and labels.ndim != len(shape)


def _starts(head: FreeHead) -> Floats:
    """Scores to start from, shape (STARTS, units): where the head is flat in a unit, on its other side.

    A rectified unit without a gradient says nothing about what it could learn: in a model, other samples move it.
    """
    import numpy as np

    random = np.random.RandomState(1)
    starts = (random.randn(STARTS, head.units) * SPREAD).astype("float32")
    nudged = starts + (NUDGE * (1 + random.rand(STARTS, head.units))).astype("float32")
    before, after = head.values(starts), head.values(nudged)
    if before.shape != starts.shape:
        return starts
    return np.where(before == after, -starts, starts)


def _tiling(question: Question) -> tuple[int, ...]:
    return (STARTS, *(1 for _ in question.labels.shape[1:]))


def _as_given(head: FreeHead, labels: Floats, shape: tuple[int, ...]) -> Array:
    """Labels (rows,) or (rows, columns) with the axes and the dtype of the batch's own, for every position."""
    import numpy as np

    own = head.output.labels
    assert own is not None
    columns = labels.shape[1:]
    one_column = () if columns or own.ndim < 2 or own.shape[-1] > 1 or own.ndim == len(shape) else (1,)
    if columns == () and own.ndim == len(shape) + 1 and own.shape[-1] == 1:
        one_column = (1,)
    width = (*columns, *one_column)
    positions = shape[: own.ndim - 1 - len(width)]
    spread = labels.reshape(len(labels), *(1 for _ in positions), *width)
    return np.broadcast_to(spread, (len(labels), *positions, *width)).astype(own.dtype)


def _loss(head: FreeHead, labels: Array, draws: int) -> Any:
    ops = autodiff.operations(head.subject)
    loss = head.output.loss
    assert loss is not None

    def of_scores(scores: Any) -> Any:
        rows = ops.repeat(scores, draws, axis=0)
        return loss(ops.convert_to_tensor(labels), head.y_pred(rows))

    return of_scores


def _is_scale_free(head: FreeHead, labels: Array, scores: Floats) -> bool:
    values = head.subject.to_numpy(autodiff.value(head.subject, head.y_pred, scores)).astype("float32")
    once, twice = (head.subject.offline_loss(head.output, labels, values * factor) for factor in (1, 2))
    return abs(once - twice) <= 1e-4 * max(1.0, abs(once))


def _score(asked: tuple[Question, ...], values: Floats, decoding: Decoding) -> tuple[Floats, Floats]:
    """Right answers and distances from the frequencies, each of shape (questions, starts)."""
    import numpy as np

    found = [right(each, rows, decoding) for each, rows in zip(asked, np.split(values, len(asked)), strict=True)]
    return np.stack([answers for answers, _ in found]), np.stack([gap for _, gap in found])


def _verdict(asked: tuple[Question, ...], answers: Floats, gap: Floats) -> Reached:
    clean = answers[[each.clean for each in asked]].all(axis=0).mean()
    if clean == 0:
        return "inconsistent"
    if clean < ENOUGH:
        return "fragile"
    if answers.all(axis=0).mean() < ENOUGH:
        return "noise-inconsistent"
    largest = _gap(gap)
    return "calibrated" if largest is not None and largest < CALIBRATED else "decision-only"


def _gap(gap: Floats) -> float | None:
    """Of the median start, at the worst question; None where any start has no probabilities."""
    import numpy as np

    medians = np.median(gap, axis=1)
    return float(medians.max()) if np.isfinite(medians).all() else None


def _dead(gradient: Floats, count: int) -> float:
    import numpy as np

    scaled = gradient * len(gradient)
    dead = ~np.isfinite(scaled).all(axis=1) | (np.abs(np.nan_to_num(scaled)).max(axis=1) < NO_GRADIENT)
    return float(dead.reshape(count, STARTS).mean(axis=1).max())


def _thinned(losses: Floats) -> tuple[float, ...]:
    import numpy as np

    kept = np.unique(np.linspace(0, len(losses) - 1, CURVE_POINTS).astype(int))
    return tuple(float(losses[at]) for at in kept)
