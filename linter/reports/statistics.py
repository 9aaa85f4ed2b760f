"""How often each rule found something, the most frequent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from mllint.reports import View
from mllint.reports.style import plain
from mllint.results import FileReport


def render(reports: Sequence[FileReport], view: View) -> Iterator[str]:
    counts = Counter(
        (finding.code, finding.rule, finding.severity) for report in reports for finding in report.findings
    )
    digits = len(str(max(counts.values(), default=0)))
    for (code, rule, severity), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"{count:>{digits}}  {code}  {severity.label:<7}  {rule}"
    if view.show_not_judged:
        reasons = Counter((entry.what, entry.reason) for report in reports for entry in report.not_judged)
        digits = len(str(max(reasons.values(), default=0)))
        for (what, reason), count in sorted(reasons.items(), key=lambda item: (-item[1], item[0])):
            yield f"{count:>{digits}}  not judged {plain(f'{what}: {reason}')}"
