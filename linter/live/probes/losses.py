"""The loss of the batch as fit computes it, as arrays give it, and as guessing would."""

from __future__ import annotations

import math
import re
from typing import Any, Final

from mllint.facts import Known
from mllint.live import autodiff
from mllint.live.subject import Subject, SubjectOutput
from mllint.measured import Losses
from mllint.rules import knowledge

CLASS_LABELS: Final = frozenset({"integer", "one-hot", "multi-hot", "binary"})
NOISE: Final = re.compile(r"Graph execution error|Detected at node|\s*File |\s*\[\[|\s*<|Stack trace")
LONGEST: Final = 160
"""Characters of an error that are shown."""


def training_error(subject: Subject) -> str | None:
    """What Keras says where the loss of the batch cannot be computed as fit would; None where it can."""
    if subject.labels is None or any(output.loss is None for output in subject.outputs):
        return None
    try:
        subject.training_loss(subject.x, subject.labels)
    except Exception as error:  # Keras and TensorFlow raise many kinds
        return _in_short(error)
    return None


def measure_losses(subject: Subject, output: SubjectOutput) -> Losses:
    """The output must have labels and a loss. Raises what Keras raises."""
    return Losses(
        training=_in_training(subject, output),
        of_predictions=_of_predictions(subject, output),
        guessing=_of_guessing(subject, output),
        untrained=_is_untrained(subject.model),
    )


def _in_training(subject: Subject, output: SubjectOutput) -> float:
    """This output's share alone, without weights and regularisation, so that it can be compared."""
    import numpy as np

    ops, loss = autodiff.operations(subject), output.loss
    assert loss is not None

    def compute(at: Any) -> Any:
        return loss(ops.convert_to_tensor(output.labels), subject.forward(subject.x)[output.index])

    return float(subject.to_numpy(autodiff.value(subject, compute, np.zeros(1, "float32"))))


def _of_predictions(subject: Subject, output: SubjectOutput) -> float | None:
    assert output.labels is not None
    try:
        return subject.offline_loss(output, output.labels, subject.predict()[output.index])
    except Exception:  # what fit can do and arrays cannot is no finding
        return None


def _of_guessing(subject: Subject, output: SubjectOutput) -> float | None:
    """Each class as likely as any other: ln n for n exclusive classes, ln 2 for yes or no."""
    facts = output.facts
    name, encoding = facts.loss.name, facts.labels.encoding
    row = knowledge.losses().get(name.value) if isinstance(name, Known) else None
    if row is None or row.focal or not isinstance(encoding, Known) or encoding.value not in CLASS_LABELS:
        return None
    units = facts.head.units
    if row.family == "binary":
        return math.log(2)
    if row.family in ("categorical", "sparse") and encoding.value != "multi-hot" and isinstance(units, Known):
        return math.log(units.value) if units.value > 1 else None
    return None


def _is_untrained(model: Any) -> bool:
    optimizer = getattr(model, "optimizer", None)
    iterations = getattr(optimizer, "iterations", None)
    return iterations is not None and int(iterations) == 0


def _in_short(error: Exception) -> str:
    """What is wrong, without the operations and files that TensorFlow puts around it."""
    told = [line.strip() for line in str(error).splitlines() if line.strip() and not NOISE.match(line)]
    return f"{type(error).__name__}: {told[0][:LONGEST]}" if told else type(error).__name__
