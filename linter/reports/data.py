"""Reports as JSON and back. What is read is checked by the types of the fields: a report comes back whole or not."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping, Sequence
from enum import IntEnum
from functools import cache
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from mllint.results import FileReport

ALL: Final = (
    "findings", "not_judged", "errors", "suppressed", "in_baseline", "on_unchanged_lines", "judged", "labels_not_known",
    "fail_level", "lines", "in_json",
)  # fmt: skip
"""The fields that a reader of the report may want; what was measured of a model is on its own page."""


class NotAReport(ValueError):
    """The data are no report."""


def encode(report: FileReport, names: Sequence[str] = ALL) -> Any:
    """The fields of a report as what `json` can write; None for one that says nothing."""
    if report == FileReport(report.path, fail_level=report.fail_level):
        return None
    return [_plain(getattr(report, name)) for name in names]


def decode(path: Any, data: Any, names: Sequence[str] = ALL) -> FileReport:
    """The report that `encode` was given. Raises NotAReport for anything that it does not write."""
    if not isinstance(path, str):
        raise NotAReport(path)
    if data is None:
        return FileReport(path)
    if not isinstance(data, list) or len(data) != len(names):
        raise NotAReport(path)
    hints = _hints(FileReport)
    return FileReport(path, **{name: _read(hints[name], value) for name, value in zip(names, data, strict=True)})


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in dataclasses.fields(value)]
    if isinstance(value, Mapping):
        return [[_plain(key), _plain(one)] for key, one in value.items()]
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return int(value) if isinstance(value, IntEnum) else value


def _read(kind: Any, data: Any) -> Any:
    """The value of a type that data stand for. Raises NotAReport."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if data is None else _read(next(one for one in arguments if one is not type(None)), data)
    if origin is Literal:
        return _checked(data, data in arguments)
    if kind in (str, int, bool):
        return _checked(data, type(data) is kind)
    if isinstance(kind, type) and issubclass(kind, IntEnum):
        return kind(_checked(data, type(data) is int and data in set(kind)))
    if not isinstance(data, list):
        raise NotAReport(data)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        pairs = [_read(tuple[arguments], one) for one in data]  # type: ignore[valid-type]
        return dict(pairs)
    if origin is tuple and arguments[-1:] == (...,):
        return tuple(_read(arguments[0], one) for one in data)
    if origin is tuple:
        return tuple(_each(arguments, data))
    return kind(*_each(tuple(_hints(kind).values()), data))


def _each(kinds: tuple[Any, ...], data: list[Any]) -> list[Any]:
    if len(kinds) != len(data):
        raise NotAReport(data)
    return [_read(kind, one) for kind, one in zip(kinds, data, strict=True)]


def _checked(data: Any, is_right: bool) -> Any:
    if not is_right:
        raise NotAReport(data)
    return data


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    from mllint import facts, repairs  # which take long to import, and of which only the types of fields speak

    return get_type_hints(kind, localns={**vars(facts), **vars(repairs)})
