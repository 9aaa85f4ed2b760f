"""Preprocessing layers of Keras that are called on labels, outside a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from mllint.facts import Encoding
from mllint.rules import knowledge
from mllint.source.arrays.array import Array, array
from mllint.source.program.conditions import simplify
from mllint.source.program.values import Constant, Made, Value

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

_DEFAULT_MODES = {
    "keras.layers.StringLookup": "int",
    "keras.layers.IntegerLookup": "int",
    "keras.layers.CategoryEncoding": "multi_hot",
    "keras.layers.Discretization": "int",
    "keras.layers.Hashing": "int",
    "keras.layers.TextVectorization": "int",
}
"""output_mode where nobody writes one (keras/src/layers/preprocessing/*.py)."""
_ENCODINGS: dict[str, Encoding] = {
    "int": "integer",
    "one_hot": "one-hot",
    "multi_hot": "multi-hot",
    "count": "continuous",
    "tf_idf": "continuous",
}


def encode(run: Interpreter, layer: Made, labels: Value, node: cst.CSTNode) -> Array | None:
    """What the layer makes of labels; None for a layer that encodes nothing."""
    row = knowledge.layers().symbol(layer.symbol)
    default = _DEFAULT_MODES.get(row.name) if row is not None else None
    if row is None or default is None:
        return None
    written = layer.arguments.get("output_mode")
    mode = simplify(written, run.world) if written is not None else Constant(None, default)
    encoding = _ENCODINGS.get(str(mode.value)) if isinstance(mode, Constant) else None
    source = labels if isinstance(labels, Array) else None
    if encoding == "multi-hot":
        encoding = _of_sets(source, written is not None)
    if encoding is None:
        return array(node, reason="encoded in a way that is not known")
    if encoding == "integer":
        one_each = source is not None and not row.name.endswith("TextVectorization")
        return array(node, "integer", source.axes if source is not None and one_each else None, low=0)
    tokens = layer.arguments.get("num_tokens", 0) if row.name.endswith("CategoryEncoding") else None
    columns = tokens.value if isinstance(tokens, Constant) and isinstance(tokens.value, int) else None
    return array(node, encoding, (None, columns), classes=columns, low=0, high=1 if encoding != "continuous" else None)


def _of_sets(source: Array | None, asked_for: bool) -> Encoding | None:
    """Sets of labels become multi-hot rows; sets of one label each are one-hot."""
    if source is not None and source.last_axis == 1:
        return "one-hot"
    several = source is not None and source.last_axis is not None
    return "multi-hot" if asked_for or several else None
