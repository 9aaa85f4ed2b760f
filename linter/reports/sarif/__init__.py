"""SARIF 2.1.0, for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.

Findings that are hidden are there too, as suppressed results: whoever took them for gone would report them as new again
one day. What could not be judged, or went wrong, are notifications of the invocation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from mllint import __version__
from mllint.reports import View
from mllint.reports.sarif.notifications import notifications
from mllint.reports.sarif.places import ROOT
from mllint.reports.sarif.results import results
from mllint.reports.sarif.rules import descriptors
from mllint.results import FileReport

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(reports: Sequence[FileReport], view: View) -> Iterator[str]:
    """What was not judged is always there, whatever the view."""
    yield json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(reports)]}, indent=2)


def _run(reports: Sequence[FileReport]) -> dict[str, Any]:
    rules = descriptors(reports)
    indices = {rule["id"]: index for index, rule in enumerate(rules)}
    return {
        "tool": {"driver": {"name": "mllint", "version": __version__, "rules": rules}},
        "invocations": [
            {
                "executionSuccessful": not any(report.errors for report in reports),
                "toolExecutionNotifications": [entry for report in reports for entry in notifications(report)],
            }
        ],
        "originalUriBaseIds": {
            ROOT: {"description": {"text": "The root of the repository; the working directory where there is none."}}
        },
        "columnKind": "unicodeCodePoints",
        "results": list(results(reports, indices)),
    }
