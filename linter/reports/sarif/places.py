"""Places as SARIF locations. URIs are relative to the root of the repository, and percent-encoded byte by byte."""

from __future__ import annotations

import os
import re
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from mllint.findings import Location
from mllint.reports.places import Region, path_in_repository, readable, region
from mllint.results import FileReport

ROOT: Final = "%SRCROOT%"
_PLACEHOLDER: Final = re.compile(r"\{+\d+\}+")


def artifact(path: str) -> dict[str, str]:
    """The location of a file; what lies outside the repository has no root."""
    shown = path_in_repository(path)
    if PurePath(shown).is_absolute():
        return {"uri": "file://" + quote(os.fsencode(shown if shown.startswith("/") else f"/{shown}"))}
    return {"uri": quote(os.fsencode(shown)), "uriBaseId": ROOT}


def as_region(marked: Region) -> dict[str, int]:
    return {
        "startLine": marked.start.line,
        "startColumn": marked.start.column,
        "endLine": marked.end.line,
        "endColumn": marked.end.column,
    }


def as_location(place: Location, report: FileReport) -> dict[str, Any]:
    """Where a finding is; cells of notebooks and parts of models are logical locations."""
    marked = region(place, report)
    physical = {"artifactLocation": artifact(place.path)} | ({"region": as_region(marked)} if marked else {})
    return {"physicalLocation": physical} | logical(place.cell, place.part)


def logical(cell: int | None, part: str | None) -> dict[str, Any]:
    """The cell of a notebook or the part of a model, where it is one."""
    if cell is not None:
        return {"logicalLocations": [{"name": f"cell {cell}", "fullyQualifiedName": f"cell {cell}", "kind": "cell"}]}
    if part is not None:
        name = readable(part)
        return {"logicalLocations": [{"name": name, "fullyQualifiedName": name, "kind": "part of a model"}]}
    return {}


def content(text: str) -> dict[str, str]:
    """Text of a file."""
    return {"text": readable(text)}


def message(text: str) -> dict[str, str]:
    """Plain text as a message. What it quotes of linted code becomes neither a placeholder (SARIF 2.1.0, 3.11.5) nor a
    link (3.11.6)."""
    return {"text": _PLACEHOLDER.sub(_doubled, _without_links(readable(text)))}


def _doubled(placeholder: re.Match[str]) -> str:
    return placeholder[0].replace("{", "{{").replace("}", "}}")


def _without_links(text: str) -> str:
    """Brackets that may begin a link, and backslashes before them, are escaped; others are left to be read."""
    before, link, after = text.rpartition("](")
    return before.replace("\\", "\\\\").replace("[", "\\[") + link + after
