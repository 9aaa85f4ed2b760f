"""Handlers of the data functions in label_sources.yaml: arrays made, encoded, reshaped, split."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import libcst as cst

from mllint.facts import Encoding
from mllint.source.arrays.array import (
    FROM_A_TEXT,
    Array,
    Many,
    Shape,
    Table,
    Trait,
    array,
    computed_from,
    first_rows,
    of_values,
    same,
    shaped,
    unknown,
    with_first_axis,
)
from mllint.source.arrays.calls import (
    NOT_KNOWN,
    DataCall,
    as_array,
    cast,
    constant,
    dimensions,
    dtype_name,
    number,
    size,
    whole_number,
)
from mllint.source.arrays.elementwise import indicators, indices
from mllint.source.program.conditions import alternatives
from mllint.source.program.values import (
    Arguments,
    Bound,
    Constant,
    Function,
    Items,
    Made,
    Missing,
    Value,
)

Effect = Callable[[DataCall], Value]

# ---- class ids to indicator columns --------------------------------------------------------------------------------


def _one_hot(call: DataCall) -> Value:
    source = call.array(0)
    width = whole_number(call.at(1))
    if call.at(1) is None and source is not None and source.classes is not None:
        width = source.classes.value
    for name, default in (("axis", -1), ("on_value", None), ("off_value", None)):
        if call.constant(name) not in (None, default):
            return call.missing("one-hot encoding along another axis, or with other values than 0 and 1")
    if source is not None and source.kind in ("one-hot", "multi-hot"):
        return array(call.node, reason="encoded as one-hot twice")
    axes: Shape = (..., width)
    if source is not None and source.rank is not None:
        drops_column = call.row.name == "keras.utils.to_categorical" and len(source.axes) > 1 and source.axes[-1] == 1
        axes = (*(source.axes[:-1] if drops_column else source.axes), width)
    made = array(call.node, "one-hot", axes, classes=width, low=0, high=1)
    return replace(made, sample=source.sample if source is not None else False)


def _identity_matrix(call: DataCall) -> Value:
    width = whole_number(call.at(1)) if call.at(1) is not None else whole_number(call.at(0))
    return array(call.node, "one-hot", (None, width), classes=width, low=0, high=1)


def _dummies(call: DataCall) -> Value:
    value = call.at(0)
    if isinstance(value, Table):
        return Table(call.node)
    source = call.array(0)
    plain = call.constant("drop_first") is False and call.named("columns") is None
    if source is None or source.rank != 1 or not plain or call.constant("dummy_na") is not False:
        return call.missing("get_dummies() of something that is not a single column")
    classes = source.classes.value if source.classes is not None else None
    return array(call.node, "one-hot", (None, classes), classes=classes, low=0, high=1)


# ---- filled arrays -------------------------------------------------------------------------------------------------


def _full_of(call: DataCall, value: float, axes: Shape | None) -> Array:
    if axes is not None and axes[:1] == (0,):
        return array(call.node, None, axes, reason="an array that is filled later")
    made = array(call.node, None, axes, values=frozenset((value,)), low=value, high=value)
    return replace(made, reason="every label is the same")


def _empty(call: DataCall) -> Value:
    return array(call.node, None, dimensions(call.run, call.at(0)), reason="an array that is filled later")


def _zeros(call: DataCall) -> Value:
    return _full_of(call, 0.0, dimensions(call.run, call.at(0)))


def _ones(call: DataCall) -> Value:
    return _full_of(call, 1.0, dimensions(call.run, call.at(0)))


def _full(call: DataCall) -> Value:
    value = number(call.at(1))
    return _full_of(call, value, dimensions(call.run, call.at(0))) if value is not None else array(call.node)


def _zeros_like(call: DataCall) -> Value:
    source = call.array(0)
    return _full_of(call, 0.0, source.axes if source is not None else None)


def _ones_like(call: DataCall) -> Value:
    source = call.array(0)
    return _full_of(call, 1.0, source.axes if source is not None else None)


# ---- random numbers ------------------------------------------------------------------------------------------------


def _size(call: DataCall) -> Shape | None:
    """The argument `size`: none is a single number."""
    given = call.named("size")
    return dimensions(call.run, given) if given is not None else ()


def _integers(call: DataCall, low: Value | None, high: Value | None, axes: Shape | None, above: int) -> Value:
    """Whole numbers from `low` below `high` + `above`; one bound alone is the upper one."""
    if high is None or (isinstance(high, Constant) and high.value is None):
        low, high = Constant(None, 0), low
    first, last = whole_number(low), whole_number(high)
    axes = axes if axes is not None else (...,)
    if first is None or last is None:
        return array(call.node, None, axes, reason="random numbers between bounds that are not known")
    last += above
    if first == 0 and (len(axes) <= 2 or last == 2):
        return replace(indices(call.node, last, axes), mixed=True)
    if first == 0 and last in (255, 256) and len(axes) > 2:
        return array(call.node, "image", axes, low=0, high=last - 1)
    return array(call.node, None, axes, low=first, high=last - 1, reason="random whole numbers")


def _randint(call: DataCall) -> Value:
    return _integers(call, call.at(0), call.at(1), _size(call), 0)


def _random_integers(call: DataCall) -> Value:
    if call.at(1) is None:
        return array(call.node, reason="random whole numbers from 1")
    return _integers(call, call.at(0), call.at(1), _size(call), 1)


def _tensor_randint(call: DataCall) -> Value:
    return _integers(call, call.at(1), call.at(2), dimensions(call.run, call.at(0)), 0)


def _real(call: DataCall, axes: Shape | None, low: float | None = None, high: float | None = None) -> Array:
    return array(call.node, "continuous", axes, low=low, high=high, mixed=True)


def _rand(call: DataCall) -> Value:
    return _real(call, tuple(size(one) for one in call.positional), 0, 1)


def _randn(call: DataCall) -> Value:
    return _real(call, tuple(size(one) for one in call.positional))


def _unit_uniform(call: DataCall) -> Value:
    return _real(call, _size(call), 0, 1)


def _uniform(call: DataCall) -> Value:
    low, high = call.constant("low"), call.constant("high")
    bounds = [float(one) if isinstance(one, int | float) else None for one in (low, high)]
    return _real(call, _size(call), *bounds)


def _normal(call: DataCall) -> Value:
    return _real(call, _size(call))


def _tensor_normal(call: DataCall) -> Value:
    return _real(call, dimensions(call.run, call.at(0)))


def _tensor_uniform(call: DataCall) -> Value:
    axes = dimensions(call.run, call.at(0))
    dtype = call.named("dtype")
    if dtype is not None and not (dtype_name(dtype) or "int").startswith(("float", "half", "double")):
        return _integers(call, call.at(1) or Constant(None, 0), call.at(2), axes, 0)
    low, high = number(call.at(1) or Constant(None, 0)), number(call.at(2) or Constant(None, 1))
    return _real(call, axes, low, high)


def _random_choice(call: DataCall) -> Value:
    axes = _size(call)
    axes = axes if axes is not None else (...,)
    count = whole_number(call.at(0))
    if count is not None:
        return replace(indices(call.node, count, axes), mixed=True)
    options = constant(call.run, call.positional[0]) if call.positional else NOT_KNOWN
    if isinstance(options, list) and options and all(type(one) in (int, float) for one in options):
        values = frozenset(float(one) for one in options)
        if values == {0, 1}:
            return indicators(call.node, axes)
        return replace(of_values(call.node, values, axes), mixed=True)
    if isinstance(options, list) and options and all(isinstance(one, str) for one in options):
        return array(call.node, "string", axes, classes=len(set(options)))
    return array(call.node, None, axes, reason="chosen from something that is not known")


def _binomial(call: DataCall) -> Value:
    axes = _size(call)
    if whole_number(call.at(0)) == 1 and axes is not None:
        return indicators(call.node, axes)
    return array(call.node, None, axes, reason="random counts")


def _permutation(call: DataCall) -> Value:
    source = call.array(0)
    if source is not None:
        return same(source, call.node, mixed=True)
    count = whole_number(call.at(0))
    return array(call.node, None, (count,), reason="a random order", mixed=count is not None)


def _linspace(call: DataCall) -> Value:
    return _real(call, (None,), number(call.at(0)), number(call.at(1)))


def _arange(call: DataCall) -> Value:
    first, last, step = (number(call.named(name)) for name in ("start", "stop", "step"))
    if call.at(1) is None:
        first, last = 0.0, first
    measured = (first is not None and first < 0) or (step is not None and step != int(step))
    encoding: Encoding | None = "continuous" if measured else None
    axes: Shape = (None,)
    if first == 0 and call.at(2) is None and last is not None:
        axes = (max(0, int(last)),)
    made = array(call.node, encoding, axes, low=first, reason="the numbers counted up here may be anything")
    return replace(made, counts_up=first == 0 and call.at(2) is None)


# ---- the same data -------------------------------------------------------------------------------------------------


def _to_array(call: DataCall) -> Value:
    value = call.at(0)
    source = call.array(0)
    if source is None:
        return value if isinstance(value, Missing | Array) else call.missing("an array of things that are not known")
    dtype = call.named("dtype")
    return cast(source, dtype_name(dtype), call.node) if dtype is not None else replace(source)


def _same(call: DataCall) -> Value:
    source = call.array(0)
    if source is None:
        value = call.at(0)
        return value if value is not None else call.missing("a copy of something that is not known")
    return same(source, call.node)


def _some_rows(call: DataCall) -> Value:
    source = call.array(0)
    return first_rows(source, call.node) if source is not None else call.missing("rows of something not known")


def _cast(call: DataCall) -> Value:
    source = call.array(0)
    return cast(source, dtype_name(call.at(1)), call.node) if source is not None else call.missing("a cast of unknown")


# ---- shapes --------------------------------------------------------------------------------------------------------


def _reshape(call: DataCall) -> Value:
    source = call.array(0)
    if source is None:
        return call.missing("the shape of something that is not known")
    given = call.positional[1:]
    target = given[0] if len(given) == 1 else Items(call.node, given) if given else call.named("newshape")
    axes = dimensions(call.run, target)
    if axes is None or target is None:
        if source.kind in ("binary", "signed", "one-hot", "multi-hot", "distribution"):
            return unknown(source, call.node, "labels in a shape that is not known")
        return shaped(source, (...,), call.node)
    return _in_shape(source, axes, call)


def _in_shape(source: Array, axes: Shape, call: DataCall) -> Value:
    if len(axes) <= 1:
        if source.kind in ("one-hot", "multi-hot") and source.last_axis != 1:
            return unknown(source, call.node, "indicator columns put behind each other", axes)
        return shaped(source, axes, call.node)
    if source.kind in ("one-hot", "multi-hot", "distribution") and axes[-1] != source.last_axis:
        return unknown(source, call.node, "indicator columns in another shape", axes)
    one_column = source.kind == "binary" and len(axes) == 2 and axes[-1] != 1
    if one_column:
        return unknown(source, call.node, "a column folded into several", axes)
    return shaped(source, axes, call.node)


def _expand_dims(call: DataCall) -> Value:
    source, axis = call.array(0), whole_number(call.at(1))
    if source is None:
        return call.missing("the shape of something that is not known")
    if axis is None or source.rank is None:
        return shaped(source, (...,), call.node)
    axes = list(source.axes)
    axes.insert(axis if axis >= 0 else len(axes) + 1 + axis, 1)
    return shaped(source, tuple(axes), call.node)


def _squeeze(call: DataCall) -> Value:
    source = call.array(0)
    if source is None:
        return call.missing("the shape of something that is not known")
    axes = source.axes
    if ... in axes:
        return shaped(source, (...,), call.node)
    axis = call.constant("axis")
    if isinstance(axis, int) and -len(axes) <= axis < len(axes):
        left = list(axes)
        del left[axis]
        return shaped(source, tuple(left), call.node)
    if axis is None and None not in axes[1:]:
        return shaped(source, (*axes[:1], *(one for one in axes[1:] if one != 1)), call.node)
    return shaped(source, (...,), call.node)


def _ravel(call: DataCall) -> Value:
    source = call.array(0)
    if source is None:
        return call.missing("the shape of something that is not known")
    return _in_shape(source, (None,), call)


def _concatenate(call: DataCall) -> Value:
    axis = call.constant("axis")
    parts = call.run.iterate(call.at(0) or call.missing("nothing"))
    if parts is None:
        return call.missing("parts that are not known are put together")
    return _joined(call, parts, along_rows=axis == 0)


def _vstack(call: DataCall) -> Value:
    parts = call.run.iterate(call.at(0) or call.missing("nothing")) or ()
    arrays = [as_array(call.run, one) for one in parts]
    rows = all(one is not None and (one.rank or 0) > 1 for one in arrays)
    return _joined(call, parts, along_rows=rows)


def _hstack(call: DataCall) -> Value:
    parts = call.run.iterate(call.at(0) or call.missing("nothing")) or ()
    arrays = [as_array(call.run, one) for one in parts]
    return _joined(call, parts, along_rows=all(one is not None and one.rank == 1 for one in arrays))


def _joined(call: DataCall, parts: tuple[Value, ...], along_rows: bool) -> Value:
    arrays = [one for one in (as_array(call.run, part) for part in parts) if one is not None]
    if len(arrays) != len(parts) or not arrays:
        return call.missing("parts that are not known are put together")
    first = arrays[0]
    axes = with_first_axis(first.axes, None)
    if not along_rows:
        kept: Encoding | None = "continuous" if all(one.kind == "continuous" for one in arrays) else None
        return computed_from(array(call.node, kept, (..., None), reason="columns put side by side"), *arrays)
    if all(one.values is not None for one in arrays):
        values = frozenset().union(*(one.values or frozenset() for one in arrays))
        if all(one.kind in (None, "binary", "integer") for one in arrays):
            return of_values(call.node, values, axes, first)
    alike = len({(one.kind, _or_none(one.classes)) for one in arrays}) == 1 and first.kind is not None
    if not alike:
        return unknown(first, call.node, "parts that differ are put together", axes)
    lows, highs = [_or_none(one.low) for one in arrays], [_or_none(one.high) for one in arrays]
    return same(
        first,
        call.node,
        shape=Trait(axes, call.node) if first.shape is not None else None,
        low=Trait(min(lows), call.node) if None not in lows else None,  # type: ignore[type-var]
        high=Trait(max(highs), call.node) if None not in highs else None,  # type: ignore[type-var]
        values=None,
        mixed=all(one.mixed for one in arrays),
        divided_by=first.divided_by if all(one.divided_by is not None for one in arrays) else None,
    )


def _or_none(trait: Trait[float] | Trait[int] | None) -> float | None:
    return trait.value if trait is not None else None


# ---- computed ------------------------------------------------------------------------------------------------------


def _argmax(call: DataCall) -> Value:
    source = call.array(0)
    axis = call.constant("axis")
    if not isinstance(axis, int) or isinstance(axis, bool):
        return call.missing("argmax() along an axis that is not known")
    if source is None:
        return array(call.node, "integer", low=0)
    rank = source.rank
    axes = (
        tuple(one for place, one in enumerate(source.axes) if place != axis % rank)
        if rank is not None and rank > 0
        else None
    )
    last = axis == -1 or (rank is not None and axis == rank - 1)
    classes = source.last_axis if last else None
    if classes == 2 and axes is not None:
        return replace(indicators(call.node, axes), sample=source.sample)
    high = classes - 1 if classes is not None else None
    return array(call.node, "integer", axes, classes=classes, low=0, high=high, sample=source.sample)


def _where(call: DataCall) -> Value:
    then, otherwise = call.named("x"), call.named("y")
    numbers = [number(one) for one in (then, otherwise)]
    condition = call.array(0)
    axes = condition.axes if condition is not None else (...,)
    if None not in numbers:
        values = frozenset(one for one in numbers if one is not None)
        if values == {0, 1} and condition is not None:
            return computed_from(indicators(call.node, axes), condition)
        return of_values(call.node, values, axes)
    return call.missing("where() between things that are not both numbers")


def _clip(call: DataCall) -> Value:
    source = call.array(0)
    if source is None:
        return call.missing("a range of something that is not known")
    if source.kind not in ("image", "continuous"):
        return unknown(source, call.node, "labels cut to a range", source.axes)
    return same(source, call.node, low=None, high=None)


def _real_function(call: DataCall) -> Value:
    source = call.array(0)
    if source is None:
        return call.missing("a function of something that is not known")
    if source.kind not in ("image", "continuous") and source.low is None:
        return unknown(source, call.node, "a function of numbers that are not known", source.axes)
    return computed_from(array(call.node, "continuous", source.axes), source)


def _power(call: DataCall) -> Value:
    source = call.array(0)
    if source is None:
        return call.missing("a power of something that is not known")
    if source.kind != "continuous":
        return unknown(source, call.node, "a power of numbers that are not known", source.axes)
    return computed_from(array(call.node, "continuous", source.axes, sample=source.sample), source)


def _reduce(call: DataCall) -> Value:
    source = call.array(0)
    if source is None:
        return call.missing("a sum of something that is not known")
    axis = call.constant("axis")
    if axis is None and not call.keywords:
        return unknown(source, call.node, "summed up", ())
    if not isinstance(axis, int) or source.rank is None or len(call.keywords) > 1:
        return unknown(source, call.node, "summed up")
    axes = tuple(one for place, one in enumerate(source.axes) if place != axis % max(source.rank, 1))
    kind: Encoding | None = "continuous" if source.kind == "continuous" else None
    return computed_from(array(call.node, kind, axes, reason="summed up"), source)


def _unique(call: DataCall) -> Value:
    source = call.array(0)
    if source is None or call.keywords or len(call.positional) > 1:
        return call.missing("the distinct values of something that is not known")
    return array(call.node, None, (_classes(source),), classes=_classes(source), reason="distinct values")


def _count_unique(call: DataCall) -> Value:
    source = call.array(0)
    classes = _classes(source) if source is not None else None
    return Constant(call.node, classes) if classes is not None else call.missing("a number of values not known")


def _classes(source: Array) -> int | None:
    return source.classes.value if source.classes is not None and source.kind != "continuous" else None


def _map_values(call: DataCall) -> Value:
    source = call.array(0)
    if source is None or source.rank != 1 or "inplace" in call.keywords or len(call.positional) > 2:
        return unknown(source, call.node, "values replaced") if source is not None else call.missing("values replaced")
    lost = unknown(source, call.node, "values replaced by something that is not known", source.axes)
    given = call.at(1)
    if isinstance(given, Function | Bound):
        results = list(alternatives(call.run.call(given, Arguments((Missing(call.node, "a value"),)), _call_of(call))))
    else:
        from mllint.source.program.python_library import entries

        known = entries(call.run, given) if given is not None else None
        if known is None or not known.complete or not all(isinstance(key, str) for key in known.values):
            return lost
        results = list(known.values.values())
    if not results or not all(isinstance(one, Constant) and type(one.value) in (int, float) for one in results):
        return lost
    return of_values(call.node, frozenset(float(one.value) for one in results if isinstance(one, Constant)), (None,))


def _call_of(call: DataCall) -> cst.Call:
    return call.node if isinstance(call.node, cst.Call) else cst.Call(cst.Name("map"))


def _factorize(call: DataCall) -> Value:
    source = call.array(0)
    return Items(
        call.node,
        (indices(call.node, _classes(source) if source else None, (None,)), Missing(call.node, "distinct values")),
    )


# ---- scikit-learn --------------------------------------------------------------------------------------------------


def _split(call: DataCall) -> Value:
    parts: list[Value] = []
    random = call.constant("shuffle") in (None, True)
    for given in call.positional:
        value = given if isinstance(given, Table) else as_array(call.run, given)
        for _ in range(2):
            parts.append(_subset(call, value, random) if value is not None else Missing(call.node, _reason_of(given)))
    return Items(call.node, tuple(parts))


def _reason_of(value: Value) -> str:
    return value.reason if isinstance(value, Missing) else "a part of something that is not known"


def _subset(call: DataCall, value: Value, random: bool) -> Value:
    def some(one: Array, node: cst.CSTNode | None) -> Array:
        return first_rows(replace(one, mixed=True) if random else one, node)

    if isinstance(value, Table):
        from mllint.source.arrays.tables import copied

        return copied(call.run, value, call.node, some)
    assert isinstance(value, Array)
    return some(value, value.node)


def _shuffle_together(call: DataCall) -> Value:
    parts = [as_array(call.run, one) for one in call.positional]
    copies = [same(one, one.node, mixed=True) if one is not None else call.missing("shuffled") for one in parts]
    return copies[0] if len(copies) == 1 else Items(call.node, tuple(copies))


def _pair(call: DataCall, inputs: Array, labels: Array) -> Value:
    return Items(call.node, (inputs, labels))


def _count(call: DataCall, name: str) -> int | None:
    given = call.constant(name)
    return given if isinstance(given, int) else None


def _make_classes(call: DataCall) -> Value:
    features = array(call.node, "continuous", (None, _count(call, "n_features")))
    return _pair(call, features, replace(indices(call.node, _count(call, "n_classes"), (None,)), mixed=True))


def _make_two_classes(call: DataCall) -> Value:
    return _pair(call, array(call.node, "continuous", (None, 2)), indices(call.node, 2, (None,)))


def _make_blobs(call: DataCall) -> Value:
    centers = call.constant("centers")
    classes = 3 if centers is None else centers if isinstance(centers, int) else None
    if call.constant("n_samples") is NOT_KNOWN or isinstance(centers, list):
        classes = len(centers) if isinstance(centers, list) else None
    features = array(call.node, "continuous", (None, _count(call, "n_features")))
    return _pair(call, features, replace(indices(call.node, classes, (None,)), mixed=True))


def _make_regression(call: DataCall) -> Value:
    targets = _count(call, "n_targets")
    axes: Shape = (...,) if targets is None else (None,) if targets == 1 else (None, targets)
    features = array(call.node, "continuous", (None, _count(call, "n_features")))
    return _pair(call, features, array(call.node, "continuous", axes))


def _make_multilabel(call: DataCall) -> Value:
    classes = _count(call, "n_classes")
    features = array(call.node, "continuous", (None, _count(call, "n_features")))
    if call.named("return_indicator") is not None:
        return call.missing("labels in another form than indicators")
    labels = array(call.node, "multi-hot", (None, classes), classes=classes, low=0, high=1)
    if call.named("return_distributions") is None:
        return _pair(call, features, labels)
    if call.constant("return_distributions") is not True:
        return call.missing("labels, perhaps with something else")
    return Items(call.node, (features, labels, call.missing("a distribution"), call.missing("a distribution")))


def _remember_classes(call: DataCall, classes: int | None, partial: bool) -> int | None:
    """What an encoder has seen in fit() is what transform() and classes_ go by; `partial` labels may lack some."""
    receiver = call.positional[0] if call.positional else None
    if not isinstance(receiver, Made):
        return classes
    if classes is not None:
        call.run.store.set((receiver.reference, "<classes>"), Constant(call.node, classes))
        return classes
    seen = call.run.store.get((receiver.reference, "<classes>")) if not partial else None
    return seen.value if isinstance(seen, Constant) and isinstance(seen.value, int) else None


def _class_ids(call: DataCall) -> Value:
    source = call.array(1)
    partial = source is not None and source.kind is not None and source.classes is None
    classes = _remember_classes(call, _classes(source) if source is not None else None, partial)
    mixed = source is not None and source.mixed
    return replace(indices(call.node, classes, (None,)), mixed=mixed)


def _binarized(call: DataCall) -> Value:
    source = call.array(1)
    receiver = call.positional[0] if call.positional else None
    plain = isinstance(receiver, Made) and not receiver.arguments.keywords
    single = source is None or source.rank == 1
    classes = _remember_classes(call, _classes(source) if source is not None and single else None, partial=False)
    return _binary_columns(call, classes) if plain and single else array(call.node, reason="labels of an unknown kind")


def _binary_columns(call: DataCall, classes: int | None) -> Array:
    if classes is None:
        return array(call.node, low=0, high=1, reason="one column for two classes, more for more")
    if classes == 2:
        return indicators(call.node, (None, 1))
    return array(call.node, "one-hot", (None, classes), classes=classes, low=0, high=1)


def _label_binarize(call: DataCall) -> Value:
    source = call.array(0)
    options = call.constant("classes")
    single = source is not None and source.rank == 1
    if not single or "neg_label" in call.keywords or "pos_label" in call.keywords:
        return array(call.node, reason="labels of an unknown kind")
    return _binary_columns(call, len(options) if isinstance(options, list) else None)


def _multi_hot(call: DataCall) -> Value:
    receiver = call.positional[0] if call.positional else None
    given = receiver.arguments.get("classes", 0) if isinstance(receiver, Made) else None
    options = constant(call.run, given) if given is not None else None
    classes = len(options) if isinstance(options, list) else None
    return array(call.node, "multi-hot", (None, classes), classes=classes, low=0, high=1)


def _encoded_columns(call: DataCall) -> Value:
    source = call.array(1)
    receiver = call.positional[0] if call.positional else None
    special = {"drop", "categories", "max_categories"}
    plain = isinstance(receiver, Made) and not special & set(receiver.arguments.keywords)
    if source is None or not plain or source.rank != 2 or source.axes[-1] != 1:
        return array(call.node, reason="columns encoded of something that is not a single column")
    classes = _remember_classes(call, _classes(source), partial=False)
    return array(call.node, "one-hot", (None, classes), classes=classes, low=0, high=1)


def _scaled(call: DataCall) -> Value:
    source = call.array(1)
    if source is None:
        return call.missing("scaled values of something that is not known")
    return _normalised(source, call, None, None)


def _min_max_scaled(call: DataCall) -> Value:
    source = call.array(1)
    if source is None:
        return call.missing("scaled values of something that is not known")
    receiver = call.positional[0] if call.positional else None
    given = receiver.arguments.get("feature_range", 0) if isinstance(receiver, Made) else None
    bounds = constant(call.run, given) if given is not None else [0, 1]
    low, high = bounds if isinstance(bounds, list) and len(bounds) == 2 else (None, None)
    return _normalised(source, call, low, high)


def _normalised(source: Array, call: DataCall, low: float | None, high: float | None) -> Value:
    if source.kind not in ("continuous", "image"):
        return unknown(source, call.node, "scaled values of something that is not known", source.axes)
    return same(
        source,
        call.node,
        low=Trait(low, call.node) if low is not None else None,
        high=Trait(high, call.node) if high is not None else None,
    )


def _folds(call: DataCall) -> Value:
    rows = array(call.node, None, (None,), reason="row numbers", mixed=True)
    return Many(call.node, Items(call.node, (rows, replace(rows, node=call.node))))


def _padded(call: DataCall) -> Value:
    width = call.constant("maxlen")
    source = call.array(0)
    made = array(call.node, None, (None, width if isinstance(width, int) else None), reason="token ids", low=0)
    return computed_from(made, source) if source is not None else made


def _read_matrix(call: DataCall) -> Value:
    return array(call.node, None, (...,), reason=FROM_A_TEXT)


EFFECTS: dict[str, Effect] = {
    "one_hot": _one_hot,
    "identity_matrix": _identity_matrix,
    "dummies": _dummies,
    "empty": _empty,
    "zeros": _zeros,
    "ones": _ones,
    "full": _full,
    "zeros_like": _zeros_like,
    "ones_like": _ones_like,
    "randint": _randint,
    "random_integers": _random_integers,
    "tensor_randint": _tensor_randint,
    "rand": _rand,
    "randn": _randn,
    "unit_uniform": _unit_uniform,
    "uniform": _uniform,
    "normal": _normal,
    "standard_normal": _normal,
    "tensor_normal": _tensor_normal,
    "tensor_uniform": _tensor_uniform,
    "random_choice": _random_choice,
    "binomial": _binomial,
    "permutation": _permutation,
    "linspace": _linspace,
    "arange": _arange,
    "to_array": _to_array,
    "same": _same,
    "some_rows": _some_rows,
    "cast": _cast,
    "reshape": _reshape,
    "expand_dims": _expand_dims,
    "squeeze": _squeeze,
    "ravel": _ravel,
    "concatenate": _concatenate,
    "vstack": _vstack,
    "hstack": _hstack,
    "argmax": _argmax,
    "where": _where,
    "clip": _clip,
    "real_function": _real_function,
    "power": _power,
    "reduce": _reduce,
    "unique": _unique,
    "count_unique": _count_unique,
    "map_values": _map_values,
    "factorize": _factorize,
    "split": _split,
    "shuffle_together": _shuffle_together,
    "make_classes": _make_classes,
    "make_two_classes": _make_two_classes,
    "make_blobs": _make_blobs,
    "make_regression": _make_regression,
    "make_multilabel": _make_multilabel,
    "class_ids": _class_ids,
    "binarized": _binarized,
    "label_binarize": _label_binarize,
    "multi_hot": _multi_hot,
    "encoded_columns": _encoded_columns,
    "scaled": _scaled,
    "min_max_scaled": _min_max_scaled,
    "folds": _folds,
    "padded": _padded,
    "read_matrix": _read_matrix,
}
