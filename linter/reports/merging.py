"""Reports of machines that divided the work, put together as if one had done it all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

from mllint import __version__
from mllint.files.sharding import WHOLE, Shard, shard
from mllint.judging.said_once import said_once
from mllint.reports.data import NotAReport, decode
from mllint.results import Diagnostic, FileReport


class _Unreadable(ValueError):
    """The message says why a file is no part."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a file holds that `--output-format part` wrote: a share of what was to be linted, and the reports."""

    reports: tuple[FileReport, ...]
    paths: tuple[str, ...] = ()
    shard: Shard = WHOLE


def read_part(path: str) -> Part:
    """One report with a diagnostic where the file cannot be read."""
    try:
        return _part(Path(path).read_bytes())
    except OSError as error:
        message = f"cannot read: {error.strerror or error}"
    except _Unreadable as reason:
        message = str(reason)
    return Part((FileReport(path, errors=(Diagnostic(path, message),)),))


def _part(content: bytes) -> Part:
    """Raises _Unreadable."""
    try:
        part = json.loads(content)
        version, reports = part["mllint"], part["reports"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise _Unreadable("no part of a report; --output-format part writes one") from None
    if version != __version__:
        raise _Unreadable(f"written by mllint {version}; this is {__version__}")
    try:
        number, of = part["shard"]
        share = tuple(map(str, part["paths"])), shard(f"{number}/{of}")
    except (ValueError, TypeError, KeyError):
        raise _Unreadable("damaged: it does not say which share it is") from None
    try:
        return Part(tuple(decode(path, data) for path, data in reports), *share)
    except (NotAReport, ValueError, TypeError):
        raise _Unreadable("damaged: one of its reports cannot be read") from None


def missing(parts: Iterable[Part]) -> Iterator[Diagnostic]:
    """The shares that no part holds, of each run that a part is of; runs differ in their paths or in their shares."""
    numbers: dict[tuple[tuple[str, ...], int], set[int]] = {}
    for part in parts:
        numbers.setdefault((part.paths, part.shard.of), set()).add(part.shard.number)
    for (paths, of), there in numbers.items():
        for number in sorted({*range(1, of + 1)} - there):
            yield Diagnostic(" ".join(paths) or ".", f"no part is of shard {number}/{of}")


def merged(reports: Iterable[FileReport]) -> list[FileReport]:
    """Each file once, in the order in which a walk comes to it."""
    by_path: dict[str, list[FileReport]] = {}
    for report in reports:
        by_path.setdefault(report.path, []).append(report)
    ordered = sorted(by_path, key=lambda path: PurePath(path).parts)
    return said_once([united(by_path[path]) for path in ordered])


def united(reports: Sequence[FileReport]) -> FileReport:
    """One report of several on the same file or model; what several of them found is found once."""
    first = reports[0]
    return replace(
        first,
        findings=_each_once(report.findings for report in reports),
        not_judged=_each_once(report.not_judged for report in reports),
        errors=_each_once(report.errors for report in reports),
        judged=max(report.judged for report in reports),
        setups=tuple(setup for report in reports for setup in report.setups),
    )


def _each_once(groups: Iterable[tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(one for group in groups for one in group))
