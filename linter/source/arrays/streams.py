"""Data that come in batches: tf.data pipelines, directory iterators, generators, and data sets that come ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import libcst as cst

from mllint.rules import knowledge
from mllint.rules.knowledge.rows import ArrayTraits, DatasetRow
from mllint.source.arrays.array import (
    Array,
    Dataset,
    Many,
    Shape,
    Trait,
    array,
    chosen_rows,
    first_rows,
    row,
    same,
    stacked,
)
from mllint.source.arrays.calls import NOT_KNOWN, DataCall, Effect, as_array
from mllint.source.arrays.elementwise import indicators, indices
from mllint.source.program.conditions import simplify
from mllint.source.program.values import (
    Arguments,
    Constant,
    Entries,
    Function,
    Items,
    Made,
    Missing,
    Value,
    immutable,
)

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

# ---- structures of arrays ------------------------------------------------------------------------------------------


def each_array(run: Interpreter, value: Value, use: Callable[[Array], Value], node: cst.CSTNode) -> Value:
    """`use` on every array of a nested structure."""
    value = simplify(value, run.world)
    entries = _entries(run, value)
    if entries is not None:
        changed = {key: each_array(run, one, use, node) for key, one in entries.values.items()}
        return Entries(node, changed, entries.complete)
    if isinstance(value, Items):
        return Items(node, tuple(each_array(run, one, use, node) for one in value.values))
    found = as_array(run, value)
    if found is not None:
        return use(found)
    return value if isinstance(value, Missing) else Missing(node, "data that are not followed")


def _entries(run: Interpreter, value: Value) -> Entries | None:
    from mllint.source.program.python_library.containers import entries

    return entries(run, value)


def element_of(run: Interpreter, value: Value) -> Value | None:
    """What a loop over the value yields; None where that is not known."""
    value = simplify(value, run.world)
    if isinstance(value, Dataset):
        return value.element
    if isinstance(value, Many):
        return value.item
    if isinstance(value, Array):
        return row(run.filled(value), value.node)
    return None


# ---- tf.data -------------------------------------------------------------------------------------------------------


def _from_slices(call: DataCall) -> Value:
    tensors = call.at(0)
    if tensors is None:
        return call.missing("a data set of nothing")
    return Dataset(call.node, each_array(call.run, tensors, lambda one: row(one, one.node), call.node))


def _from_tensors(call: DataCall) -> Value:
    tensors = call.at(0)
    return Dataset(call.node, tensors) if tensors is not None else call.missing("a data set of nothing")


def _zipped(call: DataCall) -> Value:
    given = call.at(0)
    parts = call.run.iterate(given) if given is not None and len(call.positional) < 2 else call.positional
    elements = [element_of(call.run, one) for one in parts or ()]
    if not elements:
        return Dataset(call.node, call.missing("a data set that is not followed"))
    found = tuple(one if one is not None else call.missing("a data set that is not followed") for one in elements)
    return Dataset(call.node, Items(call.node, found))


def _from_generator(call: DataCall) -> Value:
    generator = call.at(0)
    if isinstance(generator, Function):
        made = call.run.call(generator, Arguments(complete=False), _call_node(call))
        if isinstance(made, Dataset):
            return made
    return Dataset(call.node, call.missing("what the generator yields is not followed"))


def _same_dataset(call: DataCall) -> Value:
    return call.positional[0]


def _stretch(call: DataCall) -> Value:
    return Dataset(call.node, each_array(call.run, _element(call), lambda one: _some(one, first_rows), call.node))


def _filtered(call: DataCall) -> Value:
    return Dataset(call.node, each_array(call.run, _element(call), lambda one: _some(one, chosen_rows), call.node))


def _some(one: Array, choose: Callable[[Array, cst.CSTNode | None], Array]) -> Array:
    """One of the rows that are chosen; what it looks like does not change."""
    return replace(choose(one, one.node), shape=one.shape, node=one.node)


def _element(call: DataCall) -> Value:
    receiver = call.positional[0]
    return receiver.element if isinstance(receiver, Dataset) else call.missing("a data set that is not followed")


def _batch(call: DataCall) -> Value:
    use = lambda one: stacked(one, one.node)  # noqa: E731
    return Dataset(call.node, each_array(call.run, _element(call), use, call.node))


def _unbatch(call: DataCall) -> Value:
    return Dataset(call.node, each_array(call.run, _element(call), lambda one: row(one, one.node), call.node))


def _map_dataset(call: DataCall) -> Value:
    element, function = _element(call), call.at(1)
    if function is None:
        return Dataset(call.node, call.missing("a data set that is not followed"))
    if isinstance(element, Items):
        given = Arguments(element.values)
    else:
        given = Arguments((element,), complete=not isinstance(element, Missing))
    result = call.run.call(function, given, _call_node(call))
    return Dataset(call.node, call.run.frozen(result))


def _call_node(call: DataCall) -> cst.Call:
    return call.node if isinstance(call.node, cst.Call) else cst.Call(cst.Name("call"))


# ---- directories and tables of files -------------------------------------------------------------------------------


def _pictures(call: DataCall) -> Array:
    return array(call.node, "image", (None, None, None, None), low=0, high=255)


def _from_directory(call: DataCall) -> Value:
    names = call.constant("class_names")
    classes = len(names) if isinstance(names, list) else None
    labels = _of_label_mode(call, call.constant("label_mode"), classes)
    if call.constant("labels") is None:
        labels = None
    text = call.row.name == "keras.utils.text_dataset_from_directory"
    inputs = array(call.node, "string", (None,)) if text else _pictures(call)
    element: Value = Items(call.node, (inputs, labels)) if labels is not None else inputs
    made = Dataset(call.node, element)
    subset = call.constant("subset")
    if subset == "both":
        return Items(call.node, (made, Dataset(call.node, element)))
    return made if subset is not NOT_KNOWN else call.missing("which part of the data is read is not known")


def _of_label_mode(call: DataCall, mode: Any, classes: int | None) -> Value | None:
    named = call.named("label_mode") or call.named("class_mode")
    node = named.node if named is not None and named.node is not None else call.node
    if mode is None:
        return None
    if mode in ("int", "sparse"):
        return replace(indices(node, classes, (None,)), reason="")
    if mode == "binary":
        axes: Shape = (None, 1) if mode == "binary" and "label_mode" in call.row.signature.parameters else (None,)
        return replace(indicators(node, axes), dtype=Trait("float32", node))
    if mode == "categorical":
        return array(node, "one-hot", (None, classes), classes=classes, low=0, high=1, dtype="float32")
    return Missing(node, "the kind of labels is not known")


def _generated(call: DataCall) -> Array:
    """Pictures of an ImageDataGenerator: one that is told anything may rescale them, and without labels they may be
    masks of zeros and ones."""
    generator = call.at(0)
    given = generator.arguments if isinstance(generator, Made) else Arguments(complete=False)
    told = given.positional or given.keywords or call.run.store.names(getattr(generator, "reference", 0))
    plain = given.complete and not told and call.constant("class_mode") is not None
    return _pictures(call) if plain else same(_pictures(call), call.node, low=None, high=None)


def _flow_from_directory(call: DataCall) -> Value:
    mode, names = call.constant("class_mode"), call.constant("classes")
    pictures = _generated(call)
    if mode == "input":
        return Dataset(call.node, Items(call.node, (pictures, pictures)))
    labels = _of_label_mode(call, mode, len(names) if isinstance(names, list) else None)
    return Dataset(call.node, Items(call.node, (pictures, labels)) if labels is not None else pictures)


def _flow_from_dataframe(call: DataCall) -> Value:
    mode, names = call.constant("class_mode"), call.constant("classes")
    pictures = _generated(call)
    if mode == "input":
        return Dataset(call.node, Items(call.node, (pictures, pictures)))
    if mode in ("categorical", "raw", "other", "multi_output"):
        axes: Shape | None = (None, None) if mode == "categorical" else None
        reason = "a column of the table may hold one class or several"
        labels: Value | None = array(call.node, None, axes, reason=reason)
    else:
        labels = _of_label_mode(call, mode, len(names) if isinstance(names, list) else None)
    return Dataset(call.node, Items(call.node, (pictures, labels)) if labels is not None else pictures)


def _flow(call: DataCall) -> Value:
    inputs, labels = call.named("x"), call.named("y")
    if inputs is None:
        return call.missing("a generator of nothing")
    if labels is None or (isinstance(labels, Constant) and labels.value is None):
        return Dataset(call.node, inputs)
    return Dataset(call.node, Items(call.node, (inputs, labels)))


# ---- data sets that come ready -------------------------------------------------------------------------------------


def _of_traits(
    traits: ArrayTraits,
    node: cst.CSTNode,
    *,
    sample: bool = False,
    classes_known: bool = True,
    mixed: bool = True,
) -> Array:
    return array(
        node,
        traits.encoding,
        traits.shape,
        classes=traits.classes if classes_known else None,
        dtype=traits.dtype,
        low=traits.low,
        high=traits.high if classes_known else None,
        sample=sample,
        mixed=mixed,
        reason="the data set's inputs",
    )


@immutable
class Bunch(Value):
    """What the loaders of scikit-learn return."""

    inputs: Array
    labels: Array

    def part(self, name: str) -> Value | None:
        return {"data": self.inputs, "images": self.inputs, "target": self.labels}.get(name)


def load(run: Interpreter, found: DatasetRow, arguments: Arguments, node: cst.CSTNode) -> Value:
    """The call of a data set's loader."""
    classes_known = arguments.complete and not any(name in arguments.keywords for name in found.depends_on)
    classes_known = classes_known and not (found.depends_on and arguments.positional)
    if found.form == "splits":
        pairs = (
            Items(node, (_of_traits(found.inputs, node), _of_traits(found.labels, node, classes_known=classes_known)))
            for _ in range(2)
        )
        return Items(node, tuple(pairs))
    if found.form in ("pair", "labels", "batches"):
        return _plain(found, classes_known, node)
    inputs = _of_traits(found.inputs, node, mixed=False)  # scikit-learn's are in the order of their classes
    labels = _of_traits(found.labels, node, classes_known=classes_known, mixed=False)
    if "as_frame" in arguments.keywords:
        return Missing(node, "a data set as a table is not followed")
    if "return_X_y" in arguments.keywords:
        return Items(node, (inputs, labels))
    return Bunch(node, inputs, labels)


def _plain(found: DatasetRow, classes_known: bool, node: cst.CSTNode) -> Value:
    """What a function of the program's own returns, as a team describes it; the order of its rows is not known."""
    labels = _of_traits(found.labels, node, classes_known=classes_known, mixed=False)
    if found.form == "labels":
        return labels
    pair = Items(node, (_of_traits(found.inputs, node, mixed=False), labels))
    return Dataset(node, pair) if found.form == "batches" else pair


def _tfds(call: DataCall) -> Value:
    name = call.constant("name")
    found = knowledge.datasets().identify(name.partition("/")[0].partition(":")[0]) if isinstance(name, str) else None
    batched = call.named("batch_size") is not None
    known = found is not None and not batched

    def one() -> Dataset:
        if found is None or not known:
            return Dataset(call.node, call.missing("the data set is not known"))
        inputs = _of_traits(found.inputs, call.node, sample=True)
        labels = _of_traits(found.labels, call.node, sample=True)
        if call.constant("as_supervised") is True:
            return Dataset(call.node, Items(call.node, (inputs, labels)))
        name = "text" if inputs.kind == "string" else "image"
        return Dataset(call.node, Entries(call.node, {name: inputs, "label": labels}))

    split = call.named("split")
    parts = call.run.iterate(split) if split is not None and not isinstance(split, Constant) else None
    data: Value = one()
    if parts is not None:
        data = Items(call.node, tuple(one() for _ in parts))
    elif split is None:
        data = Entries(call.node, {key: one() for key in ("train", "test", "validation")}, complete=False)
    elif not isinstance(split, Constant):
        return call.missing("which part of the data set is read is not known")
    if call.constant("with_info") is True:
        return Items(call.node, (data, Missing(call.node, "what describes a data set")))
    return data if call.constant("with_info") is False else call.missing("with_info is not known")


def _next_batch(call: DataCall) -> Value:
    return _element(call)


EFFECTS: dict[str, Effect] = {
    "from_slices": _from_slices,
    "from_tensors": _from_tensors,
    "zipped": _zipped,
    "from_generator": _from_generator,
    "same_dataset": _same_dataset,
    "stretch": _stretch,
    "filtered": _filtered,
    "batch": _batch,
    "unbatch": _unbatch,
    "map_dataset": _map_dataset,
    "next_batch": _next_batch,
    "tfds": _tfds,
    "from_directory": _from_directory,
    "flow_from_directory": _flow_from_directory,
    "flow_from_dataframe": _flow_from_dataframe,
    "flow": _flow,
}
