"""Whether anything reaches the scores: the gradient of the batch, and of a confident mistake in 16 bits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from mllint.facts import Known
from mllint.live import autodiff
from mllint.live.head import FreeHead
from mllint.live.probes.questions import NotAsked
from mllint.live.subject import Subject
from mllint.measured import Gradients, Mistake
from mllint.rules import knowledge

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.generic]
    Floats: TypeAlias = NDArray[np.float32]

HALF: Final = frozenset({"float16", "bfloat16"})
MARGINS: Final = {"binary": (8.0, 17.0), "categorical": (12.0, 17.0), "sparse": (12.0, 17.0)}
"""How much too high the wrong answer's score is, by the family of the loss: a float32 head learns from all of them."""
RAISE: Final = 2.0
"""What is added to all scores to see whether their level matters."""
SAME: Final = 1e-4
"""Relative difference below which two losses are the same number."""
NO_GRADIENT: Final = 1e-4
"""Against a right gradient of 1."""


def measure_gradients(head: FreeHead) -> Gradients:
    """The gradient of the batch's loss with respect to its scores. Raises what the model raises."""
    import numpy as np

    subject, output = head.subject, head.output
    ops, loss, labels = autodiff.operations(subject), output.loss, output.labels
    assert loss is not None and labels is not None

    def of_offsets(offsets: Any) -> Any:
        return loss(ops.convert_to_tensor(labels), head.y_pred_of_batch(offsets))

    shape = (len(labels), head.units)
    _, gradient = autodiff.gradient(subject, of_offsets, np.zeros(shape, "float32"))
    finite = np.isfinite(gradient)
    return Gradients(
        finite=bool(finite.all()),
        largest=float(np.abs(gradient[finite]).max()) if finite.any() else 0.0,
        competing=head.units > 1 and bool(gradient.any()) and _is_competing(subject, of_offsets, shape),
        norms=_norms(gradient),
    )


def _norms(gradient: Floats) -> tuple[float, ...]:
    """By sample, of its own loss: the batch's is the mean over the samples."""
    import numpy as np

    rows = gradient.reshape(len(gradient), -1).astype("float64")
    return tuple(map(float, np.linalg.norm(rows, axis=1) * len(rows)))


def _is_competing(subject: Subject, of_offsets: Callable[[Any], Any], shape: tuple[int, ...]) -> bool:
    """Asked of the loss: TensorFlow's gradient of a cross-entropy is another one for labels that do not sum to 1."""
    import numpy as np

    level, raised = (
        float(subject.to_numpy(autodiff.value(subject, of_offsets, np.full(shape, offset, "float32"))))
        for offset in (0.0, RAISE)
    )
    return bool(abs(raised - level) <= SAME * max(1.0, abs(level)))


def measure_mistake(head: FreeHead) -> Mistake:
    """The first confident mistake that the head gets no gradient for, else the last one. Raises NotAsked."""
    dtype, family = _dtype(head), _family(head)
    if dtype not in HALF:
        raise NotAsked("the head computes in float32")
    if family not in MARGINS:
        raise NotAsked("the loss is no cross-entropy")
    found = [_mistake(head, str(family), dtype, margin) for margin in MARGINS[str(family)]]
    return next((one for one in found if not one.gradient > NO_GRADIENT), found[-1])


def _mistake(head: FreeHead, family: str, dtype: str, margin: float) -> Mistake:
    import numpy as np

    subject, loss = head.subject, head.output.loss
    assert loss is not None
    ops, units = autodiff.operations(subject), head.shape()[-1]
    scores = np.zeros((1, head.units), "float32")
    scores[0, 0 if family == "binary" else -1] = margin
    labels = ops.convert_to_tensor(_right_answer(family, units, head))

    def of_scores(free: Any) -> Any:
        return loss(labels, head.y_pred(free))

    value, gradient = autodiff.gradient(subject, of_scores, scores)
    largest = float(np.abs(gradient).max()) * (units if family == "binary" else 1)
    return Mistake(dtype=dtype, margin=margin, loss=value, gradient=largest)


def _right_answer(family: str, units: int, head: FreeHead) -> Array:
    """The label of a sample whose class is the first one, or to which no class applies."""
    import numpy as np

    positions = head.shape()[:-1]
    if family == "sparse":
        return np.zeros((1, *positions), "int32")
    row = np.zeros((1, *positions, units), "float32")
    row[..., 0] = family == "categorical"
    return row


def _dtype(head: FreeHead) -> str:
    dtype = head.output.facts.head.dtype
    return dtype.value if isinstance(dtype, Known) else "unknown"


def _family(head: FreeHead) -> str | None:
    name = head.output.facts.loss.name
    row = knowledge.losses().get(name.value) if isinstance(name, Known) else None
    return row.family if row is not None else None
