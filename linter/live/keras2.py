"""Running models of Keras 2: tf_keras, or the Keras that TensorFlow up to 2.15 brings."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from mllint.live.running import RunningModel
from mllint.live.subject import Backend


class Keras2Model(RunningModel):
    framework: Literal["keras2", "keras3"] = "keras2"
    backend: Backend = "tf_keras"

    def __init__(self, model: Any, x: Any, stated_loss: Any | None) -> None:
        root = next(
            base.__module__.partition(".")[0]
            for base in type(model).__mro__
            if base.__module__.startswith(("tf_keras.", "keras."))
        )
        self.keras = importlib.import_module(root)
        super().__init__(model, x, stated_loss)

    def call(self, x: Any) -> Any:
        return self.model(self.tensors(x), training=False)

    def flatten(self, structure: Any) -> list[Any]:
        import tensorflow as tf

        leaves: list[Any] = tf.nest.flatten(structure)
        return leaves

    def pack(self, leaves: Sequence[Any]) -> Any:
        import tensorflow as tf

        return tf.nest.pack_sequence_as(self._structure, list(leaves))

    def to_numpy(self, tensor: Any) -> Any:
        return tensor.numpy()

    def value_of(self, variable: Any) -> Any:
        return variable.numpy()

    def tensor(self, array: Any) -> Any:
        """Floats take Keras' floatx, as its data adapters give them."""
        import tensorflow as tf

        kind = getattr(getattr(array, "dtype", None), "kind", "")
        return tf.convert_to_tensor(array, dtype=self.keras.backend.floatx() if kind == "f" else None)

    def compiled_loss(self) -> Any | None:
        if self.stated_loss is not None:
            return self.stated_loss
        return getattr(self.model, "loss", None) if self.model._is_compiled else None

    def losses(self) -> tuple[Callable[[Any, Any], Any] | None, ...]:
        if self.container is None or self.own_training() is not None:
            return (None,) * len(self.names)
        return tuple(self.container._losses)

    def _resolved(self, loss: Any) -> Any:
        compiled = getattr(self.model, "compiled_loss", None)
        weights = None if compiled is None else compiled._user_loss_weights
        names = getattr(self.model, "output_names", None)
        container = self._compile_utils.LossesContainer(loss, weights, output_names=names)
        container.build(self._structure)
        return container

    @property
    def _compile_utils(self) -> Any:
        return importlib.import_module(f"{self.keras.__name__}.src.engine.compile_utils")

    def _containers(self) -> Mapping[str, Any]:
        given = getattr(self.model, "compiled_metrics", None)
        if given is None:
            return {"compiled_loss": self.container}
        metrics = self._compile_utils.MetricsContainer(
            given._user_metrics,
            given._user_weighted_metrics,
            output_names=getattr(self.model, "output_names", None),
            from_serialized=given._from_serialized,
        )
        return {"compiled_loss": self.container, "compiled_metrics": metrics}

    def _own_loss(self, x: Any, y: Any, y_pred: Any) -> Any:
        return self.model.compute_loss(x, y, y_pred, None)

    def in_graph(self, step: Callable[..., Any]) -> Callable[..., Any]:
        if self.run_eagerly:
            return step
        import tensorflow as tf

        graph: Callable[..., Any] = tf.function(step, autograph=False, jit_compile=self.jit_compile)
        return graph

    def config(self) -> dict[str, Any] | None:
        try:
            config = self.model.get_config()
        except Exception:  # a model of the user's own class may raise anything
            return None
        return {"class_name": self._class_name(), "config": config} if isinstance(config, dict) else None

    @property
    def is_compiled(self) -> bool:
        return bool(self.model._is_compiled)

    def variables(self) -> list[Any]:
        optimizer = getattr(self.model, "optimizer", None)
        state = getattr(optimizer, "variables", ())
        given = getattr(self.model, "compiled_metrics", None)
        user = self.flatten([given._user_metrics, given._user_weighted_metrics]) if given is not None else []
        metrics = [variable for one in [*self.model.metrics, *user] for variable in getattr(one, "variables", ())]
        own = [*self.model.variables, *metrics, *(state() if callable(state) else state)]
        return list({id(variable): variable for variable in own}.values())

    def producer(self, tensor: Any) -> tuple[Any, list[Any]] | None:
        history = getattr(tensor, "_keras_history", None)
        if history is None:
            return None
        node = history.layer._inbound_nodes[history.node_index]
        inputs = node.keras_inputs
        return history.layer, list(inputs)

    @property
    def run_eagerly(self) -> bool:
        return bool(self.model._is_compiled and self.model.run_eagerly)

    @property
    def jit_compile(self) -> bool:
        return bool(getattr(self.model, "jit_compile", None))
