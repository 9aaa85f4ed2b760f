"""JSON lines: what the JSON holds, one object a line, each with its `kind`; the summary comes last."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mllint.reports import View
from mllint.reports.json import VERSION, lists, summary
from mllint.results import FileReport

KINDS: Final[Mapping[str, str]] = {
    "findings": "finding",
    "not_judged": "not_judged",
    "errors": "error",
    "applied": "applied",
    "refused": "refused",
}
"""The kind of an object by the list that it is from."""


def render(reports: Sequence[FileReport], view: View) -> Iterator[str]:
    """What was not judged is always there, whatever the view."""
    for name, entries in lists(reports, view).items():
        yield from (json.dumps({"kind": KINDS[name], **entry}) for entry in entries)
    yield json.dumps({"kind": "summary", "version": VERSION, **summary(reports)})
