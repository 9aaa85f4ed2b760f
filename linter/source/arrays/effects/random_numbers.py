"""Random numbers: whole and real, drawn and shuffled."""

from __future__ import annotations

from dataclasses import replace

from mllint.source.arrays.array import Array, Shape, array, of_values, same
from mllint.source.arrays.calls import (
    NOT_KNOWN,
    DataCall,
    Effect,
    constant,
    dimensions,
    dtype_name,
    number,
    size,
    whole_number,
)
from mllint.source.arrays.elementwise import indicators, indices
from mllint.source.program.values import Constant, Value


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


EFFECTS: dict[str, Effect] = {
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
}
