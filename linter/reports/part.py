"""A part of a report, for `mllint merge`: all that other formats need, in a form that only the same mllint reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mllint import __version__
from mllint.reports.data import encode

if TYPE_CHECKING:
    from mllint.reports import View
    from mllint.results import FileReport


def render(reports: Sequence[FileReport], view: View) -> Iterator[str]:
    """One line; what was not judged is always there."""
    share = {"paths": view.paths, "shard": [view.shard.number, view.shard.of]}
    said = [[report.path, encode(report)] for report in reports]
    yield json.dumps({"mllint": __version__, **share, "reports": said})
