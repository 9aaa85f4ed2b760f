"""Reports of machines that divided the work, put together as if one had done it all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from mllint import __version__
from mllint.reports.data import NotAReport, decode
from mllint.results import Diagnostic, FileReport
from mllint.said_once import said_once


class _Unreadable(ValueError):
    """The message says why a file is no part."""


def read_part(path: str) -> list[FileReport]:
    """The reports in a file that `--output-format part` wrote; one with a diagnostic where it cannot be read."""
    try:
        return list(_reports(Path(path).read_bytes()))
    except OSError as error:
        message = f"cannot read: {error.strerror or error}"
    except _Unreadable as reason:
        message = str(reason)
    return [FileReport(path, errors=(Diagnostic(path, message),))]


def _reports(content: bytes) -> Iterator[FileReport]:
    try:
        part = json.loads(content)
        version, reports = part["mllint"], part["reports"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise _Unreadable("no part of a report; --output-format part writes one") from None
    if version != __version__:
        raise _Unreadable(f"written by mllint {version}; this is {__version__}")
    try:
        for path, data in reports:
            yield decode(path, data)
    except (NotAReport, ValueError, TypeError):
        raise _Unreadable("damaged: one of its reports cannot be read") from None


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
