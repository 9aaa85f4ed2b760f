"""Whether Keras on TensorFlow takes the logits back from the activation, and why not where it does not.

Keras' softmax and sigmoid leave their input on their output (`_keras_logits`). The cross-entropies use it whenever it
is there, whatever `from_logits` says, and in graph mode also recognise the TensorFlow op that made the tensor. Any
operation in between makes a new tensor and loses it. Source: keras/src/backend/tensorflow/nn.py, `_get_logits`.
"""

from __future__ import annotations

from mllint.facts import Known, Stage, TrainingSetup
from mllint.rules import knowledge
from mllint.rules.views.pairs import Pair
from mllint.rules.views.stages import after_last_activation, last_activation

HALF_PRECISION = frozenset({"float16", "bfloat16"})


def is_measured_to_recover(pair: Pair) -> bool:
    """The model was run, and Keras took the logits back."""
    return pair.output.measured is not None and pair.output.measured.recovers is True


def why_lost(setup: TrainingSetup, pair: Pair) -> str | None:
    """Why the loss sees activated values: completes "because …". None where Keras takes the logits back.

    What was measured stands above what the facts tell: JAX and PyTorch take nothing back.
    """
    if is_measured_to_recover(pair):
        return None
    return (
        _lost_in_loss(setup, pair)
        or _lost_in_activation(setup, pair)
        or _lost_after_activation(pair)
        or _lost_in_cast(setup, pair)
        or _lost_when_run(pair)
    )


def _lost_in_loss(setup: TrainingSetup, pair: Pair) -> str | None:
    if pair.is_logits_op:
        return "TensorFlow's own functions never look for the activation"
    if pair.focal and not _is_keras2(setup):
        return "the focal losses of Keras 3 do not look for the activation"
    return None


def _lost_in_activation(setup: TrainingSetup, pair: Pair) -> str | None:
    row = knowledge.activations().get(pair.activation)
    if row is None or not row.attaches_logits:
        return f"{pair.activation} keeps no logits"
    stage = last_activation(pair.output.head)
    if stage is None or stage.symbol not in row.symbols or stage.symbol in row.attaches_logits:
        return None
    if setup.via == "loss-call" or _runs_eagerly(setup):
        return f"{stage.symbol} keeps no logits outside a tf.function"
    return None


def _lost_after_activation(pair: Pair) -> str | None:
    changed = next((stage for stage in after_last_activation(pair.output.head) if stage.role != "identity"), None)
    return f"{_short(changed)} after the activation makes a new tensor" if changed else None


def _lost_in_cast(setup: TrainingSetup, pair: Pair) -> str | None:
    dtype = pair.output.head.dtype
    if isinstance(dtype, Known) and dtype.value in HALF_PRECISION and not _is_keras2(setup):
        return f"Keras 3 casts the {dtype.value} output to float32 first"
    return None


def _lost_when_run(pair: Pair) -> str | None:
    """Only a loss on logits tells the two apart: softmax with from_logits=False is the same sum either way."""
    measured = pair.output.measured
    if measured is not None and measured.recovers is False and pair.from_logits:
        return "the loss was measured to be that of the activated values"
    return None


def _is_keras2(setup: TrainingSetup) -> bool:
    return isinstance(setup.framework, Known) and setup.framework.value == "keras2"


def _runs_eagerly(setup: TrainingSetup) -> bool:
    return isinstance(setup.run_eagerly, Known) and setup.run_eagerly.value


def _short(stage: Stage) -> str:
    return stage.symbol.rpartition(".")[2]
