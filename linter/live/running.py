"""A live model, run the same way whichever Keras it is of."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cached_property
from typing import Any, Literal

from mllint.live.refusals import Refused
from mllint.live.subject import Backend
from mllint.live.untouched import attributes_kept, random_states_kept, variables_kept


class RunningModel(ABC):
    """A built model with the losses it is compiled with, or that were stated for it.

    The containers that Keras keeps compiled losses in are replaced by fresh ones while a loss is computed, so that
    neither the trackers of a compiled model change nor an uncompiled one becomes compiled.
    """

    framework: Literal["keras2", "keras3"]
    backend: Backend
    keras: Any

    def __init__(self, model: Any, x: Any, stated_loss: Any | None) -> None:
        """Calls the model once on `x`, which builds it; of one that is built nothing changes.

        Raises whatever the model raises.
        """
        self.model = model
        self.stated_loss = stated_loss
        self.refusal: Exception | None = None
        with self._kept({}) if model.built else nullcontext():
            self._structure = self.call(x)
        self.names = self._names()

    # ---- what each Keras does in its own way -----------------------------------------------------------------------

    @abstractmethod
    def call(self, x: Any) -> Any:
        """The outputs in the model's own structure, in inference mode."""

    @abstractmethod
    def flatten(self, structure: Any) -> list[Any]:
        """The leaves of a structure of tensors."""

    @abstractmethod
    def pack(self, leaves: Sequence[Any]) -> Any:
        """One leaf per output in the structure of the model's outputs."""

    @abstractmethod
    def to_numpy(self, tensor: Any) -> Any: ...

    @abstractmethod
    def value_of(self, variable: Any) -> Any:
        """The value of a variable as an array."""

    @abstractmethod
    def tensor(self, array: Any) -> Any:
        """An array as fit would hand it to the model."""

    @abstractmethod
    def compiled_loss(self) -> Any | None:
        """What the user gave as loss; None for a model that is not compiled."""

    @abstractmethod
    def losses(self) -> tuple[Callable[[Any, Any], Any] | None, ...]:
        """One callable per output that gives a scalar, as Keras resolves what was given."""

    @abstractmethod
    def _resolved(self, loss: Any) -> Any:
        """The losses as compile() would keep them, built on the outputs. Raises what Keras raises."""

    @abstractmethod
    def _containers(self) -> Mapping[str, Any]:
        """Fresh containers of losses and metrics, by the attributes of the model that hold the compiled ones."""

    @abstractmethod
    def _own_loss(self, x: Any, y: Any, y_pred: Any) -> Any:
        """The model's compute_loss."""

    @abstractmethod
    def in_graph(self, step: Callable[..., Any]) -> Callable[..., Any]:
        """`step` as fit would run it: eagerly, in a graph or with XLA."""

    @abstractmethod
    def config(self) -> dict[str, Any] | None:
        """The serialized model, as a model file holds it; None for one that cannot be serialized."""

    @property
    @abstractmethod
    def is_compiled(self) -> bool: ...

    @abstractmethod
    def variables(self) -> list[Any]:
        """Everything that holds a value: weights, optimizer, metrics, seeds."""

    @abstractmethod
    def producer(self, tensor: Any) -> tuple[Any, list[Any]] | None:
        """The layer that made a symbolic tensor, and its symbolic inputs; None where no history is kept."""

    @property
    @abstractmethod
    def run_eagerly(self) -> bool: ...

    @property
    @abstractmethod
    def jit_compile(self) -> bool: ...

    # ---- the same for all ------------------------------------------------------------------------------------------

    def _class_name(self) -> str:
        """The class of Keras whose configuration it is: that of a subclass of Functional is a functional one."""
        names = [base.__name__ for base in type(self.model).__mro__]
        return next((name for name in names if name in ("Sequential", "Functional")), names[0])

    def compile_config(self) -> dict[str, Any] | None:
        """The serialized arguments of compile; None where they cannot be serialized, or there are none."""
        if self.stated_loss is not None or not self.is_compiled:
            return None
        try:
            config = self.model.get_compile_config()
        except Exception:  # functools.partial and objects of the user's own cannot be serialized
            return None
        return config if isinstance(config, dict) else None

    @cached_property
    def container(self) -> Any | None:
        """The losses as compile() would keep them, built on the outputs; None without losses, or where Keras refuses
        those that the model is compiled with: `refusal` is why. Raises what Keras raises of a loss that is stated."""
        loss = self.compiled_loss()
        if loss is None:
            return None
        try:
            return self._resolved(loss)
        except Exception as error:  # Keras raises of it when training begins
            if self.stated_loss is not None:
                raise
            self.refusal = error
            return None

    def forward(self, x: Any) -> tuple[Any, ...]:
        """One tensor per output, in inference mode."""
        return tuple(self.flatten(self.call(x)))

    def compute_loss(self, x: Any, labels: Sequence[Any], outputs: Sequence[Any]) -> Any:
        """The total loss as fit computes it: a scalar tensor."""
        y = self.pack([self.tensor(one) for one in labels])
        with attributes_kept(self.model, self._containers()):
            return self._own_loss(x, y, self.pack(outputs))

    def training_loss(self, x: Any, labels: Sequence[Any]) -> float:
        """The number that fit would show for this batch, but for dropout and the like."""
        step = self._training_step
        return float(self.to_numpy(step(self.tensors(x), [self.tensor(one) for one in labels])))

    @cached_property
    def _training_step(self) -> Callable[..., Any]:
        """One function for all batches: TensorFlow traces each that it is given."""
        self.container  # noqa: B018 makes its variables, which cannot be made within a graph
        return self.in_graph(lambda x, labels: self.compute_loss(x, labels, self.forward(x)))

    def tensors(self, structure: Any) -> Any:
        """A structure of arrays as one of tensors."""
        if isinstance(structure, Mapping):
            return {key: self.tensors(value) for key, value in structure.items()}
        if isinstance(structure, list | tuple):
            return [self.tensors(value) for value in structure]
        return self.tensor(structure)

    def untouched(self) -> AbstractContextManager[None]:
        """Leaves weights, optimizer, metrics and random states as they are now, to the bit."""
        return self._kept(self._containers())

    @contextmanager
    def _kept(self, meanwhile: Mapping[str, Any]) -> Iterator[None]:
        """Everything is kept; the model has the attributes `meanwhile`."""
        variables = variables_kept(self.variables(), self.value_of)
        with random_states_kept(), variables, attributes_kept(self.model, meanwhile):
            yield

    def labels_per_output(self, y: Any) -> tuple[Any, ...]:
        """The labels in the order of the outputs. Raises Refused where they do not fit the outputs."""
        count = len(self.flatten(self._structure))
        if isinstance(y, Mapping):
            if set(y) != set(self.names) and not (count == 1 and len(y) == 1):
                outputs = ", ".join(str(name) for name in self.names)
                raise Refused(f"the labels are named {', '.join(map(str, y))}, the outputs {outputs}")
            return tuple(y[name] for name in self.names) if count > 1 else tuple(y.values())
        leaves = tuple(y) if isinstance(y, list | tuple) else (y,)
        if len(leaves) != count:
            raise Refused(f"the data hold labels for {len(leaves)} outputs, the model has {count}")
        return leaves

    def own_training(self) -> str | None:
        """The method of the user's own class that decides how the model is trained; None where Keras decides.

        compute_loss makes the compiled loss a part of something else, train_step may not look at it at all.
        """
        for name in ("train_step", "compute_loss"):
            definer = next((base for base in type(self.model).__mro__ if name in vars(base)), None)
            if definer is not None and definer.__module__.partition(".")[0] not in ("keras", "tf_keras"):
                return name
        return None

    def head_layers(self) -> tuple[Any | None, ...]:
        """Per output the layer that makes the scores: the last one with a kernel, through layers that learn nothing."""
        symbolic = getattr(self.model, "outputs", None)
        if not symbolic:
            return (None,) * len(self.flatten(self._structure))
        return tuple(self._with_kernel(tensor) for tensor in symbolic)

    def _with_kernel(self, tensor: Any) -> Any | None:
        made = self.producer(tensor)
        if made is None:
            return None
        layer, inputs = made
        if hasattr(layer, "kernel"):
            return layer
        inner = getattr(layer, "outputs", None)
        if inner:
            return self._with_kernel(inner[0]) if len(inner) == 1 else None
        if getattr(layer, "trainable_variables", ()) or len(inputs) != 1:
            return None
        return self._with_kernel(inputs[0])

    def _names(self) -> tuple[str, ...]:
        leaves = self.flatten(self._structure)
        if isinstance(self._structure, Mapping):
            return tuple(str(key) for key in sorted(self._structure))
        names = getattr(self.model, "output_names", None) or ()
        if len(names) == len(leaves):
            return tuple(names)
        return tuple(f"output_{number}" for number in range(1, len(leaves) + 1))


def run(model: Any, x: Any, stated_loss: Any | None = None) -> RunningModel:
    """The model, built on `x`. Raises Refused for what is no Keras model, and whatever the model raises."""
    from mllint.live.keras2 import Keras2Model
    from mllint.live.keras3 import Keras3Model

    for base in type(model).__mro__:
        root = base.__module__.partition(".")[0]
        module = sys.modules.get(root)
        if base.__name__ in {"Model", "Functional"} and root in {"keras", "tf_keras"} and module is not None:
            is_keras3 = root == "keras" and int(module.__version__.split(".")[0]) >= 3
            return (Keras3Model if is_keras3 else Keras2Model)(model, x, stated_loss)
    raise Refused(f"a Keras model is needed, not {type(model).__module__}.{type(model).__qualname__}")
