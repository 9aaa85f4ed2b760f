"""Calls that train or measure a model: the data they are given, and what else of them matters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import libcst as cst

from mllint.facts import Fact, Fit, Known, Monitor, Place, Unknown
from mllint.source.arrays.array import Array, Dataset, Many, Table
from mllint.source.arrays.calls import as_array
from mllint.source.program import classes, functions
from mllint.source.program.conditions import World, decided, resolve, simplify
from mllint.source.program.values import (
    Arguments,
    Choice,
    Constant,
    DictObject,
    Entries,
    Instance,
    Items,
    ListObject,
    Made,
    Missing,
    Model,
    Tensor,
    Value,
    immutable,
)

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter
    from mllint.source.program.sites import Site
    from mllint.source.reading.heads import PlaceOf

TRAINING = ("fit", "fit_generator", "train_on_batch")
_MEASURING = ("evaluate", "evaluate_generator")
_SEQUENCES = ("keras.utils.Sequence", "keras.utils.PyDataset")


@immutable
class FitCall:
    """One call of fit, train_on_batch or evaluate, with the data as they were then."""

    node: cst.Call
    method: str
    inputs: Value
    labels: Value
    arguments: Arguments
    world: World
    after: int
    """How many training sites had been recorded before."""
    is_imported: bool
    """Another file's own statements come here, not a call of the file that is looked at."""


@immutable
class Scores(Value):
    """What evaluate() returns: the loss, then the metrics."""

    model: int


@immutable
class Score(Value):
    """One item of what evaluate() returns."""

    model: int
    index: int


# ---- recording -----------------------------------------------------------------------------------------------------


def record(run: Interpreter, model: Model | Instance, method: str, arguments: Arguments, node: cst.Call) -> Value:
    """Remember a call of fit and the like; the result is what the call returns."""
    inputs, labels = _data(run, arguments)
    frozen = Arguments(
        arguments.positional[:2],
        {name: run.frozen(value) for name, value in arguments.keywords.items()},
        arguments.complete,
    )
    call = FitCall(node, method, inputs, labels, frozen, run.world, len(run.sites), run.units.is_importing)
    run.fits.setdefault(model.reference, []).append(call)
    if method in _MEASURING and "return_dict" not in arguments.keywords:
        return Scores(node, model.reference)
    return Missing(node, f"what {method}() returns is not known")


def _data(run: Interpreter, arguments: Arguments) -> tuple[Value, Value]:
    """Inputs and labels, from two arguments or from a data set that yields both."""
    first = arguments.get("x", 0) or arguments.keywords.get("generator")
    second = arguments.get("y", 1) if "generator" not in arguments.keywords else None
    if first is None:
        return _both_missing(None, "the data are among arguments that are not known")
    first = simplify(first, run.world)
    streamed = isinstance(first, Dataset | Many | Instance | Choice)
    if second is None or (isinstance(second, Constant) and second.value is None) or _is_stream(first):
        return _streamed(run, first) if streamed else (data(run, first), Missing(first.node, _reason(first)))
    return data(run, first), data(run, second)


def _is_stream(value: Value) -> bool:
    return isinstance(value, Dataset | Many)


def _reason(value: Value) -> str:
    return value.reason if isinstance(value, Missing) else "no labels are given apart from the inputs"


def _streamed(run: Interpreter, value: Value) -> tuple[Value, Value]:
    """Inputs and labels that a data set yields."""
    if isinstance(value, Choice):
        return _both_missing(value.node, "which data set is used depends on a condition")
    element = _element(run, value)
    items = run.iterate(element)
    if items is not None and len(items) in (2, 3):
        return data(run, items[0]), data(run, items[1])
    reason = element.reason if isinstance(element, Missing) else "the data set yields no labels that are seen"
    return _both_missing(value.node, reason)


def _both_missing(node: cst.CSTNode | None, reason: str) -> tuple[Value, Value]:
    """Two values: the same one twice would be a model trained on its own input."""
    return Missing(node, reason), Missing(node, reason)


def _element(run: Interpreter, value: Value) -> Value:
    if isinstance(value, Dataset):
        return simplify(value.element, run.world)
    if isinstance(value, Many):
        return simplify(value.item, run.world)
    if isinstance(value, Instance) and classes.library_base(run, value.type) in _SEQUENCES:
        method = classes.find_method(run, value.type, "__getitem__")
        if method is not None:
            index = Arguments((Missing(value.node, "the number of a batch"),))
            return simplify(functions.enter(run, method, index, cst.Call(cst.Name("batch")), value), run.world)
    return Missing(value.node, "what the generator yields is not followed")


def data(run: Interpreter, value: Value) -> Value:
    """The value as data at this point of the program: an array, Items or Entries of them, or Missing."""
    value = simplify(value, run.world)
    if isinstance(value, Choice):
        return Choice(value.node, value.condition, data(run, value.then), data(run, value.otherwise))
    if isinstance(value, Array | Table):
        return as_array(run, value) or Missing(value.node, "data that are not followed")
    if isinstance(value, Tensor):
        return Missing(value.node, "the labels are computed by a network")
    if isinstance(value, DictObject | Entries):
        known = run.frozen(value)
        if isinstance(known, Entries):
            return Entries(known.node, {k: data(run, one) for k, one in known.values.items()}, known.complete)
        return known
    if isinstance(value, ListObject | Items):
        written = as_array(run, value)
        items = run.iterate(value)
        if written is None and items is not None and len(items) <= 16 and not _is_grown(run, value):
            return Items(value.node, tuple(data(run, one) for one in items))
        return written or Missing(value.node, "a list that is not followed")
    return value if isinstance(value, Missing) else Missing(value.node, "data that are not followed")


def _is_grown(run: Interpreter, value: Value) -> bool:
    return isinstance(value, ListObject) and value.reference in run.grown


# ---- reading -------------------------------------------------------------------------------------------------------


def fits_of(run: Interpreter, site: Site, world: World) -> list[FitCall]:
    """The calls that train what the site compiles: after it, and before the model is compiled anew."""
    start, end = span_of(run, site, world)
    calls = run.fits.get(getattr(site.model, "reference", 0), ())
    return [one for one in calls if start < one.after <= end and _can_hold(one.world, world)]


def span_of(run: Interpreter, site: Site, world: World) -> tuple[int, int]:
    """The stretch of the program, in sites recorded, in which the model is what the site compiles."""
    reference = getattr(site.model, "reference", None)
    start = run.sites.index(site)
    again = [
        place
        for place, other in enumerate(run.sites)
        if place > start
        and other.via == "compile"
        and getattr(other.model, "reference", None) == reference
        and _can_hold(other.world, world)
    ]
    return start, min(again, default=len(run.sites) + 1)


def _can_hold(inner: World, world: World) -> bool:
    """Whether what holds at one place can hold in the world."""
    return all(decided(condition, world) in (None, holds) for condition, holds in inner.items())


def read_fits(calls: list[FitCall], world: World, place: PlaceOf) -> tuple[Fit, ...]:
    """Raises Undecided where an argument depends on a condition that the world leaves open."""
    return tuple(_fit(call, world, place) for call in calls if call.method in ("fit", "fit_generator"))


def _fit(call: FitCall, world: World, place: PlaceOf) -> Fit:
    return Fit(
        place=place(call.node),
        validated=_validated(call, world, place),
        monitors=tuple(_monitors(call, world, place)),
        class_weight=_class_weight(call, world, place),
    )


def _validated(call: FitCall, world: World, place: PlaceOf) -> Fact[bool]:
    unknown = Unknown("whether validation data are given is not known", place(call.node))
    for name in ("validation_data", "validation_split"):
        given = call.arguments.keywords.get(name)
        given = resolve(given, world) if given is not None else None
        if given is None or (isinstance(given, Constant) and not given.value):
            continue
        if isinstance(given, Missing):
            return unknown
        return Known(True, place(given.node))
    return Known(False) if call.arguments.complete and len(call.arguments.positional) <= 2 else unknown


_MONITOR_POSITIONS: Mapping[str, int] = {
    "keras.callbacks.EarlyStopping": 0,
    "keras.callbacks.ReduceLROnPlateau": 0,
    "keras.callbacks.ModelCheckpoint": 1,
}


def _monitors(call: FitCall, world: World, place: PlaceOf) -> list[Monitor]:
    given = call.arguments.keywords.get("callbacks")
    given = resolve(given, world) if given is not None else None
    values = given.values if isinstance(given, Items) else (given,) if given is not None else ()
    found = [_monitor(resolve(one, world), world, place) for one in values]
    return [one for one in found if one is not None]


def _monitor(callback: Value, world: World, place: PlaceOf) -> Monitor | None:
    if not isinstance(callback, Made) or callback.symbol not in _MONITOR_POSITIONS or not callback.arguments.complete:
        return None
    if callback.symbol == "keras.callbacks.ModelCheckpoint":
        best = callback.arguments.get("save_best_only")
        if not isinstance(best, Constant) or best.value is not True:
            return None  # it saves every epoch, whatever it monitors
    name = _constant(callback.arguments.get("monitor", _MONITOR_POSITIONS[callback.symbol]), "val_loss", world)
    mode = _constant(callback.arguments.get("mode"), "auto", world)
    if not isinstance(name, str):
        return None
    where = place(callback.node)
    known: Fact[str] = Known(mode, where) if isinstance(mode, str) else Unknown("the mode is not known", where)
    return Monitor(callback.symbol, name, known, where)


def _constant(value: Value | None, default: str, world: World) -> object:
    if value is None:
        return default
    value = resolve(value, world)
    return value.value if isinstance(value, Constant) else None


def _class_weight(call: FitCall, world: World, place: PlaceOf) -> Fact[tuple[object, ...]] | None:
    given = call.arguments.keywords.get("class_weight")
    given = resolve(given, world) if given is not None else None
    if given is None or (isinstance(given, Constant) and given.value is None):
        return None
    where: Place = place(given.node)
    if isinstance(given, Entries) and given.complete:
        return Known(tuple(given.values), where)
    return Unknown("the class weights are not known", where)
