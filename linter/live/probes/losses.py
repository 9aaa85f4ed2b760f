"""The loss of the batch as fit computes it, as arrays give it, and as guessing would."""

from __future__ import annotations

import math
import re
from typing import Any, Final

from mllint.facts import Known
from mllint.live import autodiff
from mllint.live.head import FreeHead
from mllint.live.subject import Subject, SubjectOutput
from mllint.measured import Losses
from mllint.rules import knowledge

CLASS_LABELS: Final = frozenset({"integer", "one-hot", "binary"})
FEWEST_CLASSES: Final = 3
NOISE: Final = re.compile(r"Graph execution error|Detected at node|\s*File |\s*\[\[|\s*<|Stack trace")
SPREAD: Final = 2.0
"""Standard deviation of random scores: wide enough for one activation and two to differ, too narrow to saturate."""
SAME: Final = 1e-3
"""Relative difference that rounding leaves, in 16 bits too."""
LONGEST: Final = 160
"""Characters of an error that are shown."""


def training_error(subject: Subject) -> str | None:
    """What Keras says where the loss of the batch cannot be computed as fit would; None where it can."""
    if subject.refusal is not None:
        return _in_short(subject.refusal)
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
        guessing=_of_guessing(output),
        untrained=_is_untrained(subject.model),
    )


def recovers_logits(head: FreeHead) -> bool:
    """Whether Keras finds the logits behind the activation where fit computes the loss. Raises what the loss raises."""
    import numpy as np

    subject, loss, labels = head.subject, head.output.loss, head.output.labels
    assert loss is not None and labels is not None
    scores = (np.random.RandomState(5).randn(len(labels), head.units) * SPREAD).astype("float32")
    given = autodiff.operations(subject).convert_to_tensor(labels)
    at_once = float(subject.to_numpy(autodiff.value(subject, lambda at: loss(given, head.y_pred(at)), scores)))
    y_pred = subject.to_numpy(autodiff.value(subject, head.y_pred, scores))
    return abs(at_once - subject.offline_loss(head.output, labels, y_pred)) > SAME * max(1.0, abs(at_once))


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


def _of_guessing(output: SubjectOutput) -> float | None:
    """Each class as likely as any other: ln n for n exclusive classes, and None for other answers.

    Random weights come far from ln 2 without any fault.
    """
    facts = output.facts
    name, encoding, units = facts.loss.name, facts.labels.encoding, facts.head.units
    row = knowledge.losses().get(name.value) if isinstance(name, Known) else None
    if row is None or row.focal or row.family not in ("categorical", "sparse") or not isinstance(encoding, Known):
        return None
    if encoding.value not in CLASS_LABELS or not isinstance(units, Known) or units.value < FEWEST_CLASSES:
        return None
    return math.log(units.value)


def _is_untrained(model: Any) -> bool:
    optimizer = getattr(model, "optimizer", None)
    iterations = getattr(optimizer, "iterations", None)
    return iterations is not None and int(iterations) == 0


def _in_short(error: Exception) -> str:
    """What is wrong, without the operations and files that TensorFlow puts around it."""
    told = [line.strip() for line in str(error).splitlines() if line.strip() and not NOISE.match(line)]
    return f"{type(error).__name__}: {told[0][:LONGEST]}" if told else type(error).__name__
