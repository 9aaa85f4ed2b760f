"""What the commands say besides findings, on stderr; and the exit codes.

Exit: 0 clean, 1 findings at or above the fail level, 2 could not do what was asked.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click

from mllint.reports.style import beginning, displayed, plain

if TYPE_CHECKING:
    from mllint.results import Diagnostic, FileReport

CLEAN: Final = 0
FINDINGS: Final = 1
FAILED: Final = 2


def colour(choice: str) -> bool | None:
    """None leaves it to whether the output is a terminal."""
    if choice != "auto":
        return choice == "always"
    return False if os.environ.get("NO_COLOR") else None


def say(line: str) -> None:
    """A line of talk; one that names a file begins with its path."""
    click.echo(beginning(line), err=True)


def say_error(error: Diagnostic) -> None:
    cell = f":cell {error.cell}" if error.cell is not None else ""
    line = f":{error.line}" if error.line is not None else ""
    column = f":{error.column}" if error.line is not None and error.column is not None else ""
    where = click.style(f"{beginning(error.path)}{cell}{line}{column}", bold=True)
    click.echo(f"{where}: {click.style('error', fg='red')}: {plain(error.message)}", err=True)


def say_diff(line: str, err: bool = False) -> None:
    """One line of a unified diff, coloured as git does; to a program it goes as it is, since it may be a patch."""
    if (sys.stderr if err else sys.stdout).isatty():
        line = displayed(line)
    colours = {"+": "green", "-": "red", "@": "cyan"}
    is_header = line.startswith(("+++", "---"))
    click.echo(click.style(line, fg=None if is_header else colours.get(line[:1]), bold=is_header), err=err)


def summary(reports: Sequence[FileReport], details: Sequence[str] = ()) -> str:
    """Found 2 errors, 1 warning in 2 of 3 files (7 setups judged, 2 not judged: --show-not-judged).

    `details` go at the end of the brackets.
    """
    counts = Counter(finding.severity for report in reports for finding in report.findings)
    found = ", ".join(counted(counts[severity], severity.label) for severity in sorted(counts, reverse=True))
    files = counted(len(reports), "file")
    of_these = sum(bool(report.findings) for report in reports)
    share = f"{of_these} of " if 0 < of_these < len(reports) else ""
    headline = f"Found {found or 'nothing'} in {share}{files}"
    not_judged = sum(len(report.not_judged) for report in reports)
    suppressed = sum(len(report.suppressed) for report in reports)
    said = [f"{counted(sum(report.judged for report in reports), 'setup')} judged"]
    labels = sum(report.labels_not_known for report in reports)
    said += [f"{labels} on labels that are not known: mllint facts"] if labels else []
    said += [f"{not_judged} not judged: --show-not-judged"] if not_judged else []
    said += [f"{suppressed} suppressed"] if suppressed else []
    in_baseline = sum(len(report.in_baseline) for report in reports)
    said += [f"{in_baseline} in the baseline"] if in_baseline else []
    unchanged = sum(len(report.on_unchanged_lines) for report in reports)
    said += [f"{unchanged} on unchanged lines"] if unchanged else []
    unread = sum(bool(report.errors) for report in reports)
    said += [f"{unread} not read, see above"] if unread else []
    return f"{headline} ({', '.join([*said, *details])})"


def fixable(reports: Sequence[FileReport], are_tried: bool) -> Sequence[str]:
    """The detail of a summary on fixes, which are only in the findings where they were tried; models have none."""
    findings = [finding for report in reports for finding in report.findings if finding.primary.part is None]
    if are_tried:
        number, said = sum(bool(finding.fixes) for finding in findings), "fixable"
    else:
        number, said = sum(finding.is_repairable for finding in findings), "may be fixable"
    return [f"{number} {said}: --diff"] if number else []


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 or noun == 'info' else 's'}"
