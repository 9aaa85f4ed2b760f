"""What a probe looks at: one built model with one batch of its data, and the ways of running it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from mllint.facts import Output

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.generic]

Backend: TypeAlias = Literal["tensorflow", "jax", "torch", "tf_keras"]
"""What computes: Keras 3 on one of its three backends, or tf_keras (Keras 2), which is TensorFlow's."""


@dataclass(frozen=True, slots=True)
class SubjectOutput:
    """One output of the model with what is known of it before anything is measured."""

    index: int
    """Its place in `Subject.outputs`, in what `Subject.predict` returns and in `Subject.labels`."""
    facts: Output
    """Head, loss and labels as stated from the configuration, the graph and the batch; any of them may be unknown."""
    loss: Callable[[Any, Any], Any] | None
    """(labels, y_pred) → scalar tensor, the mean over the batch: the compiled or stated loss; None without one."""
    head_layer: Any | None
    """The layer that makes the scores (it owns `kernel` and mostly `bias`); None where out of sight."""
    labels: Array | None
    """This output's labels of the batch, shape (rows, …), as fit would get them; None where no labels are given."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A model on one batch. Whoever changes a weight does so inside `untouched()`."""

    model: Any
    backend: Backend
    keras: Any
    """The module that made the model: keras or tf_keras."""
    x: Any
    """One batch of input: an array of shape (rows, …), or the structure of arrays that the model is called with."""
    outputs: tuple[SubjectOutput, ...]
    run_eagerly: bool
    """Whether fit would run without a graph."""
    jit_compile: bool
    """Whether fit would compile with XLA."""
    seconds: float
    """How long all probes together may take."""
    refusal: Exception | None
    """What Keras raises of the losses themselves, before it sees a batch; the outputs have none then."""
    forward: Callable[[Any], tuple[Any, ...]] = field(repr=False)
    """x → the backend's tensors of all outputs, in inference mode; differentiable, and for use inside a graph."""
    compute_loss: Callable[[Any, Sequence[Any], Sequence[Any]], Any] = field(repr=False)
    """(x, labels per output, y_pred tensors per output) → scalar tensor: the own compute_loss of the model, weights of
    the outputs and what layers add. The tensors must come from `forward` for Keras to find their logits."""
    training_loss: Callable[[Any, Sequence[Array]], float] = field(repr=False)
    """(x, labels per output) → what fit would show for this batch, in inference mode, in a graph or with XLA as the
    model is compiled. Raises what Keras raises."""
    untouched: Callable[[], AbstractContextManager[None]] = field(repr=False)
    """A context after which weights, optimizer, metrics and random states are what they were, to the bit."""

    @property
    def labels(self) -> tuple[Array, ...] | None:
        """The labels of all outputs; None where one is missing."""
        known = tuple(output.labels for output in self.outputs if output.labels is not None)
        return known if len(known) == len(self.outputs) else None

    def predict(self, x: Any = None) -> tuple[Array, ...]:
        """What predict() returns for `x` (the batch by default): one array per output."""
        return tuple(self.to_numpy(tensor) for tensor in self.forward(self.x if x is None else x))

    def offline_loss(self, output: SubjectOutput, labels: Array, y_pred: Array) -> float:
        """The loss of arrays, where no logits can be found behind the predictions. Raises what Keras raises."""
        assert output.loss is not None
        return float(self.to_numpy(output.loss(labels, y_pred)))

    def to_numpy(self, tensor: Any) -> Array:
        """A tensor of any backend as an array; bfloat16 widens to float32, which NumPy can compute with."""
        import numpy as np

        if self.backend == "tf_keras":
            array = np.asarray(tensor)
        else:
            array = np.asarray(self.keras.ops.convert_to_numpy(tensor))
        return array.astype(np.float32) if array.dtype.name == "bfloat16" else array
