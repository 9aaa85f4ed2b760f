"""Facts as JSON between the worker and the parent: plain data, of which only the contract's own classes come back.

A dataclass is an object with its class name under "is"; a tuple is a list.
"""

from __future__ import annotations

import dataclasses
from types import ModuleType
from typing import Any, Final

from mllint import facts, lens, measured
from mllint.archive import parts

KIND: Final = "is"


class NotFacts(ValueError):
    """What came over the wire is no value of the contract."""


def encode(value: Any) -> Any:
    """A value of the contract as what `json` can write. Raises TypeError for anything else."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: encode(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {KIND: type(value).__name__, **fields}
    if isinstance(value, tuple | list):
        return [encode(one) for one in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} is not sent between processes")


def decode(data: Any) -> Any:
    """The value that `encode` was given. Raises NotFacts for anything that it does not write."""
    if isinstance(data, dict):
        kind = CLASSES.get(str(data.get(KIND)))
        fields = {name: decode(value) for name, value in data.items() if name != KIND}
        if kind is None:
            raise NotFacts(f"no class of facts: {data.get(KIND)!r}")
        try:
            return kind(**fields)
        except TypeError as error:
            raise NotFacts(str(error)) from None
    return tuple(decode(one) for one in data) if isinstance(data, list) else data


def _classes(*modules: ModuleType) -> dict[str, type[Any]]:
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, type) and dataclasses.is_dataclass(value)
    }


CLASSES: Final = _classes(facts, measured, lens, parts)
"""What may come over the wire: facts, the parts of a model they come from, and the reading that holds them."""
