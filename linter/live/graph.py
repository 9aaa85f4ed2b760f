"""The head of a model on TensorFlow by the operations of its graph, whatever class or code made them.

The graph of one call is traced and followed back from each output to the last learned operation; functions that it
calls are entered. Operations that are neither an activation nor harmless end the trail: the head is then unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from mllint.archive.parts import Part
from mllint.facts import Head, Known, Place, Unknown
from mllint.reading.heads import Operand, Trail

FUNCTIONS: Final = {
    **dict.fromkeys(("Softmax", "LogSoftmax", "Sigmoid", "Tanh", "Relu", "Relu6", "Elu", "Selu"), "tf.nn."),
    **dict.fromkeys(("Softplus", "Softsign", "LeakyRelu"), "tf.nn."),
}
"""Operations that are activations, by the module of their TensorFlow function."""
NAMES: Final = {
    "LogSoftmax": "tf.nn.log_softmax",
    "LeakyRelu": "tf.nn.leaky_relu",
    "Exp": "tf.exp",
    "Reshape": "tf.reshape",
    "Squeeze": "tf.squeeze",
    "ExpandDims": "tf.expand_dims",
    "Transpose": "tf.transpose",
    "StridedSlice": "tf.gather",
    "GatherV2": "tf.gather",
    "Cast": "tf.cast",
    "Mean": "tf.reduce_mean",
    "Sum": "tf.reduce_sum",
    "Max": "tf.reduce_max",
    "MatMul": "tf.matmul",
    "BatchMatMulV2": "tf.matmul",
    "Einsum": "tf.einsum",
    "Conv1D": "tf.nn.conv1d",
    "Conv2D": "tf.nn.conv2d",
    "Conv3D": "tf.nn.conv3d",
}
OPERATORS: Final = {
    **dict.fromkeys(("AddV2", "Add", "BiasAdd"), "operator.add"),
    **dict.fromkeys(("Sub",), "operator.sub"),
    **dict.fromkeys(("Mul",), "operator.mul"),
    **dict.fromkeys(("RealDiv", "Div"), "operator.truediv"),
    **dict.fromkeys(("Neg",), "operator.neg"),
}
TRANSPARENT: Final = frozenset({"Identity", "IdentityN", "StopGradient", "EnsureShape", "Snapshot", "CheckNumerics"})
CALLS: Final = frozenset({"PartitionedCall", "StatefulPartitionedCall"})
MOST_OPERATIONS: Final = 500
"""Operations that are looked at to tell a weight from a tensor of the batch; what takes more is such a tensor."""
DEEPEST: Final = 64
"""Functions within functions that are entered."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A call of a function that the walk has entered: its inputs stand for the placeholders of `graph`."""

    graph: Any
    call: Any
    outer: Frame | None


def graph_heads(call: Callable[[Any], Any], x: Any, path: str) -> tuple[Head, ...]:
    """One head per output of `call(x)`. Raises whatever tracing it raises."""
    import tensorflow as tf

    traced = tf.function(call, autograph=False).get_concrete_function(x)
    given = frozenset(id(one) for one in traced.inputs[: len(traced.inputs) - len(traced.captured_inputs)])
    return tuple(_head(tensor, given, path) for tensor in traced.outputs)


def _head(tensor: Any, given: frozenset[int], path: str) -> Head:
    walk = Walk(path, given, Trail())
    walk.back(tensor, None)
    return walk.trail.head(Known(tensor.dtype.name))


@dataclass(frozen=True, slots=True)
class Walk:
    """The way back from one output."""

    path: str
    given: frozenset[int]
    """The placeholders of the batch, by identity."""
    trail: Trail

    def back(self, tensor: Any, frame: Frame | None) -> None:
        """Tells the trail what made a tensor, and goes on from there."""
        tensor, frame = self._made(tensor, frame)
        operation = tensor.op
        place = Place(self.path, Part("setting", f"operation {operation.name}"))
        kind = operation.type
        operands = [self._operand(one, frame) for one in operation.inputs]
        if kind in OPERATORS:
            self.trail.arithmetic(OPERATORS[kind], place, operands)
        elif kind in FUNCTIONS or kind in NAMES:
            self._function(kind, place, operands)
        elif kind in ("Placeholder", "Arg"):
            pass
        else:
            self.trail.opaque(place, f"the operation {kind} makes the output")

    def _function(self, kind: str, place: Place, operands: Sequence[Operand]) -> None:
        symbol = NAMES.get(kind) or FUNCTIONS[kind] + kind.lower()
        self.trail.function(symbol, place, operands[0], operands, None)

    def _operand(self, tensor: Any, frame: Frame | None) -> Operand:
        import tensorflow as tf

        made, inner = self._made(tensor, frame)
        if self._varies(made, inner):
            return partial(self.back, made, inner)
        constant: Any = tf.get_static_value(made) if made.dtype != tf.resource else None
        is_number = constant is not None and constant.size == 1
        return Known(constant.item()) if is_number else Unknown("a weight or an array")

    def _varies(self, tensor: Any, frame: Frame | None) -> bool:
        """Whether a tensor depends on the batch; one of weights and constants does not."""
        pending, seen = [(tensor, frame)], set[tuple[int, int]]()
        while pending and len(seen) < MOST_OPERATIONS:
            one, inside = self._made(*pending.pop())
            key = id(one), id(inside)
            if key in seen:
                continue
            seen.add(key)
            if id(one) in self.given:
                return True
            pending += [(before, inside) for before in one.op.inputs]
        return bool(pending)

    def _made(self, tensor: Any, frame: Frame | None) -> tuple[Any, Frame | None]:
        """The tensor that this one is another name of: through identities, into calls, and out again."""
        for _ in range(10_000):
            operation = tensor.op
            if operation.type in TRANSPARENT:
                tensor = operation.inputs[tensor.value_index if operation.type == "IdentityN" else 0]
            elif operation.type in CALLS and _depth(frame) < DEEPEST:
                graph = _graph_of(operation)
                if graph is None:
                    return tensor, frame
                tensor, frame = graph.outputs[tensor.value_index], Frame(graph, operation, frame)
            elif operation.type == "Placeholder" and frame is not None:
                number = next((at for at, one in enumerate(frame.graph.inputs) if one is tensor), None)
                if number is None:
                    return tensor, frame
                tensor, frame = frame.call.inputs[number], frame.outer
            else:
                return tensor, frame
        return tensor, frame


def _depth(frame: Frame | None) -> int:
    depth = 0
    while frame is not None:
        depth, frame = depth + 1, frame.outer
    return depth


def _graph_of(operation: Any) -> Any | None:
    """The graph of the function that an operation calls; None where TensorFlow does not hand it out."""
    name = operation.get_attr("f").name
    function = operation.graph._get_function(name)
    return getattr(function, "graph", None)
