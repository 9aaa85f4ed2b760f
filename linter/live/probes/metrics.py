"""What the compiled accuracy says of the batch, next to a count of right answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from mllint.facts import Known
from mllint.live.probes.answers import Decoding
from mllint.live.subject import Subject, SubjectOutput
from mllint.measured import MetricValue

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]


def measure_metrics(subject: Subject, output: SubjectOutput, decoding: Decoding) -> tuple[MetricValue, ...]:
    """The metrics with "acc" in their name; none for models with several outputs. Raises what evaluate raises."""
    counted = _right_answers(subject, output, decoding)
    if counted is None or output.labels is None or len(subject.outputs) > 1 or not _has_metrics(subject.model):
        return ()
    with subject.untouched():
        reported: dict[str, Any] = subject.model.evaluate(
            subject.x, output.labels, batch_size=len(output.labels), verbose=0, return_dict=True
        )
    return tuple(
        MetricValue(name, float(value), counted) for name, value in sorted(reported.items()) if "acc" in name.lower()
    )


def _has_metrics(model: Any) -> bool:
    """Whether metrics were given to compile, in Keras 3 or in Keras 2; the loss is always reported."""
    given = getattr(getattr(model, "compiled_metrics", None), "_user_metrics", None)
    return bool(given) or getattr(model, "_compile_metrics", None) is not None


def _right_answers(subject: Subject, output: SubjectOutput, decoding: Decoding) -> float | None:
    """Share of right answers: of samples for exclusive classes, of labels where several may apply."""
    import numpy as np

    encoding = output.facts.labels.encoding
    if output.labels is None or not isinstance(encoding, Known):
        return None
    labels = np.asarray(output.labels, dtype="float64")
    values = np.asarray(subject.predict()[output.index], dtype="float64")
    units = values.shape[-1]
    if encoding.value in ("integer", "binary") and units > 1:
        return float((values.argmax(axis=-1).ravel() == labels.ravel()).mean()) if _fits(labels, values) else None
    if encoding.value == "one-hot" and labels.shape == values.shape:
        return float((values.argmax(axis=-1) == labels.argmax(axis=-1)).mean())
    if encoding.value in ("multi-hot", "binary") and labels.size == values.size:
        yes = values.reshape(labels.shape) > decoding.thresholds[0]
        return float((yes == (labels > 0)).mean())
    return None


def _fits(labels: Floats, values: Floats) -> bool:
    return bool(labels.size * values.shape[-1] == values.size)
