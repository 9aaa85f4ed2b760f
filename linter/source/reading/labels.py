"""From the data given to fit to the Labels fact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from mllint.facts import Fact, Known, Labels, Unknown
from mllint.reading.labels import unknown_labels
from mllint.source.arrays.array import Array, Trait, is_target_of_itself
from mllint.source.program.conditions import World, resolve
from mllint.source.program.values import Entries, Items, LossValue, Made, Missing, Partial, Value
from mllint.source.reading.fits import TRAINING, FitCall
from mllint.source.reading.heads import PlaceOf

_OWN_INPUT = "the labels are the inputs"
_NO_FIT = "no call of fit is seen"
IGNORED = "ignore_class"
"""https://keras.io/api/losses/probabilistic_losses/#sparsecategoricalcrossentropy-class"""


def read_labels(
    fits: Sequence[FitCall], index: int, name: str | None, count: int, world: World, place: PlaceOf
) -> Labels:
    """The labels that reach output `index` of `count` in the training calls of a model.

    Raises Undecided where they depend on a condition that the world leaves open.
    """
    training = [fit for fit in fits if fit.method in TRAINING] or fits
    found: list[Labels] = []
    for fit in training:
        labels = _of_output(resolve(fit.labels, world), index, name, count, world)
        found.append(_read(labels, resolve(fit.inputs, world), place))
    if not found:
        return unknown_labels(_NO_FIT)
    return found[0] if len(found) == 1 else _agreed(found)


def read_called(labels: Value | None, world: World, place: PlaceOf) -> Labels:
    """The labels that a loss is called with."""
    if labels is None:
        return unknown_labels("the labels are among arguments that are not known")
    return _read(resolve(labels, world), None, place)


def compared(labels: Labels, loss: Value | None) -> Labels:
    """The labels as a loss compares them with the prediction: unknown where it changes or leaves out some."""
    if isinstance(loss, LossValue) and loss.changes_labels:
        return unknown_labels("the loss computes with the labels before it compares them")
    asked = (loss, loss.loss if isinstance(loss, LossValue) else None)
    if any(isinstance(one, LossValue | Made | Partial) and IGNORED in one.arguments.keywords for one in asked):
        return unknown_labels("the loss leaves out the labels of one class")
    return labels


def _of_output(labels: Value, index: int, name: str | None, count: int, world: World) -> Value:
    if isinstance(labels, Entries):
        found = labels.values.get(name) if name is not None else None
        if found is None and count == 1 and len(labels.values) == 1:
            found = next(iter(labels.values.values()))
        return resolve(found, world) if found is not None else Missing(labels.node, "labels under another name")
    if isinstance(labels, Items):
        if len(labels.values) != count:
            return Missing(labels.node, "the labels are a list that does not fit the outputs")
        return resolve(labels.values[index], world)
    return labels if count == 1 else Missing(labels.node, "the labels of several outputs are not told apart")


def _read(labels: Value, inputs: Value | None, place: PlaceOf) -> Labels:
    if inputs is not None and labels is inputs and labels.node is not None:
        where = place(labels.node)
        known = _traits(labels, place) if isinstance(labels, Array) else unknown_labels(_OWN_INPUT, where)
        return replace(known, encoding=Known("self", where), classes=Unknown(_OWN_INPUT, where), place=where)
    if not isinstance(labels, Array):
        reason = labels.reason if isinstance(labels, Missing) else "where the labels come from is not followed"
        return unknown_labels(reason, place(labels.node) if labels.node is not None else None)
    known = _traits(labels, place)
    where = place(labels.encoding.node if labels.encoding is not None else labels.node)
    if isinstance(inputs, Array) and is_target_of_itself(inputs, labels):
        if labels.kind is None and labels.values is None and labels.reference != inputs.reference:
            return unknown_labels("the labels are made of the inputs", where)
        return replace(known, encoding=Known("self", where), classes=Unknown(_OWN_INPUT, where))
    return known


def _traits(labels: Array, place: PlaceOf) -> Labels:
    reason = Unknown(labels.reason, place(labels.node) if labels.node is not None else None)
    shape_node = labels.shape.node if labels.shape is not None else labels.node
    shape = place(shape_node)
    unshaped = Unknown("the shape of the labels is not known", shape)
    rank = None if labels.sample else labels.rank
    last = labels.last_axis

    def fact(trait: Trait[Any] | None, what: str) -> Fact[Any]:
        return Known(trait.value, place(trait.node)) if trait is not None else Unknown(f"{what} is not known", shape)

    return Labels(
        encoding=fact(labels.encoding, "") if labels.encoding is not None else reason,
        classes=fact(labels.classes, "the number of classes"),
        rank=Known(rank, shape) if rank is not None else unshaped,
        last_axis=Known(last, shape) if last is not None else unshaped,
        dtype=fact(labels.dtype, "the dtype of the labels"),
        low=fact(labels.low, "the smallest label"),
        high=fact(labels.high, "the largest label"),
        place=place(labels.encoding.node if labels.encoding is not None else labels.node),
        divided_by=fact(labels.divided_by, "the divisor") if labels.divided_by is not None else None,
    )


def _agreed(found: list[Labels]) -> Labels:
    """What all calls agree on."""

    def same(read: Callable[[Labels], Fact[Any]]) -> Fact[Any]:
        facts = [read(one) for one in found]
        first = facts[0]
        if isinstance(first, Unknown):
            return first
        for other in facts[1:]:
            if isinstance(other, Unknown):
                return other
            if other.value != first.value:
                return Unknown("the calls of fit are given different labels", other.place)
        return first

    divided = {one.divided_by.value if isinstance(one.divided_by, Known) else None for one in found}
    return Labels(
        same(lambda one: one.encoding),
        same(lambda one: one.classes),
        same(lambda one: one.rank),
        same(lambda one: one.last_axis),
        same(lambda one: one.dtype),
        same(lambda one: one.low),
        same(lambda one: one.high),
        found[0].place,
        found[0].divided_by if len(divided) == 1 else None,
    )
