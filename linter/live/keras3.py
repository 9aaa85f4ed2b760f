"""Running models of Keras 3, on any of its backends."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from mllint.live.running import RunningModel


class Keras3Model(RunningModel):
    framework: Literal["keras2", "keras3"] = "keras3"

    def __init__(self, model: Any, x: Any, stated_loss: Any | None) -> None:
        import keras

        self.keras = keras
        self.backend = keras.backend.backend()
        super().__init__(model, x, stated_loss)

    def call(self, x: Any) -> Any:
        x = self.tensors(x)
        return self.model(x, training=False) if self.model._call_has_training_arg else self.model(x)

    def flatten(self, structure: Any) -> list[Any]:
        leaves: list[Any] = self.keras.tree.flatten(structure)
        return leaves

    def pack(self, leaves: Sequence[Any]) -> Any:
        return self.keras.tree.pack_sequence_as(self._structure, list(leaves))

    def to_numpy(self, tensor: Any) -> Any:
        return self.keras.ops.convert_to_numpy(tensor)

    def value_of(self, variable: Any) -> Any:
        return self.to_numpy(variable.value)

    def tensor(self, array: Any) -> Any:
        """Floats take Keras' floatx, as its data adapters give them."""
        kind = getattr(getattr(array, "dtype", None), "kind", "")
        return self.keras.ops.convert_to_tensor(array, dtype=self.keras.config.floatx() if kind == "f" else None)

    def compiled_loss(self) -> Any | None:
        return self.stated_loss if self.stated_loss is not None else self.model.loss

    def losses(self) -> tuple[Callable[[Any, Any], Any] | None, ...]:
        if self.container is None or self.own_training() is not None:
            return (None,) * len(self.names)
        found: list[Callable[[Any, Any], Any] | None] = [None] * len(self.names)
        numbers = self.pack(range(len(self.names)))
        for path, loss, _, _ in self.container._flat_losses:
            where = numbers
            for key in path:
                where = self.names.index(key) if isinstance(key, str) and not isinstance(where, dict) else where[key]
            for number in self.flatten(where):
                found[number] = found[number] or loss
        return tuple(found)

    def _resolved(self, loss: Any) -> Any:
        from keras.src.trainers.compile_utils import CompileLoss

        weights = None if self.model._compile_loss is None else self.model._compile_loss._user_loss_weights
        container = CompileLoss(loss, weights, output_names=getattr(self.model, "output_names", None))
        container.build(self._structure, self._structure)
        return container

    def _containers(self) -> Mapping[str, Any]:
        from keras.src.trainers.compile_utils import CompileMetrics

        given = self.model._compile_metrics
        if given is None:
            return {"_compile_loss": self.container}
        names = given.output_names
        metrics = CompileMetrics(given._user_metrics, given._user_weighted_metrics, output_names=names)
        return {"_compile_loss": self.container, "_compile_metrics": metrics}

    def _own_loss(self, x: Any, y: Any, y_pred: Any) -> Any:
        return self.model._compute_loss(x=x, y=y, y_pred=y_pred, training=False)

    def in_graph(self, step: Callable[..., Any]) -> Callable[..., Any]:
        """A graph exists on TensorFlow only; the other backends compute the same either way."""
        if self.backend != "tensorflow" or self.run_eagerly:
            return step
        import tensorflow as tf

        graph: Callable[..., Any] = tf.function(step, autograph=False, jit_compile=self.jit_compile)
        return graph

    def config(self) -> dict[str, Any] | None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                config = self.keras.saving.serialize_keras_object(self.model.get_config())
        except Exception:  # a model of the user's own class may raise anything
            return None
        return {"class_name": self._class_name(), "config": config} if isinstance(config, dict) else None

    @property
    def is_compiled(self) -> bool:
        return bool(self.model.compiled)

    def variables(self) -> list[Any]:
        optimizer = getattr(self.model, "optimizer", None)
        given = self.model._compile_metrics
        user = self.flatten([given._user_metrics, given._user_weighted_metrics]) if given is not None else []
        metrics = [variable for one in [*self.model.metrics, *user] for variable in getattr(one, "variables", ())]
        own = [*self.model.variables, *metrics, *(optimizer.variables if optimizer else ())]
        return list({id(variable): variable for variable in own}.values())

    def producer(self, tensor: Any) -> tuple[Any, list[Any]] | None:
        history = getattr(tensor, "_keras_history", None)
        if history is None:
            return None
        node = history.operation._inbound_nodes[history.node_index]
        return history.operation, list(node.input_tensors)

    @property
    def run_eagerly(self) -> bool:
        return bool(self.model.run_eagerly)

    @property
    def jit_compile(self) -> bool:
        return bool(self.model._jit_compile)
