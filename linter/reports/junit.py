"""JUnit XML: a suite for each file, in it a case for each finding, or one that passes where nothing was found.

A finding at or above the fail level is a failure, one below it passes and is said in the output of its case, a hidden
one is skipped with the reason, and what could not be judged at all is an error. The elements and attributes are those
of Jenkins' schema for JUnit 4, which later ones extend.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mllint.findings import Finding, Location
from mllint.reports import View
from mllint.reports.concise import where
from mllint.reports.places import error_position, readable, region
from mllint.results import Diagnostic, FileReport, NotJudged, line_of

NO_CHARACTER: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, escaped or not: https://www.w3.org/TR/xml/#charsets."""


def render(reports: Sequence[FileReport], view: View) -> Iterator[str]:
    root = Element("testsuites", name="mllint")
    for report in reports:
        suite = SubElement(root, "testsuite", name=_text(report.path))
        suite.extend(list(_cases(report, view)) or [_case("nothing found", report)])
        _count(suite, skipped=".//skipped")
    _count(root)
    indent(root)
    yield tostring(root, encoding="us-ascii", xml_declaration=True).decode("ascii")


def _cases(report: FileReport, view: View) -> Iterator[Element]:
    yield from (_finding(finding, report) for finding in report.findings)
    yield from (_error(error, report) for error in report.errors)
    for one in report.suppressed:
        yield _skipped(one.finding.rule, f"suppressed: {one.reason}" if one.reason else "suppressed", report)
    yield from (_skipped(finding.rule, "in the baseline", report) for finding in report.in_baseline)
    if view.show_not_judged:
        yield from (_not_judged(entry, report) for entry in report.not_judged)


def _case(name: str, report: FileReport) -> Element:
    return Element("testcase", name=_text(name), classname=_text(report.path), time="0")


def _finding(finding: Finding, report: FileReport) -> Element:
    case = _case(f"{finding.rule} at {where(finding.primary)}", report)
    details = "\n".join(_details(finding, report))
    if finding.severity >= report.fail_level:
        _say(case, "failure", f"{finding.severity.label} {finding.code}", finding.message, details)
    else:
        SubElement(case, "system-out").text = _text(
            f"{finding.severity.label} {finding.code}: {finding.message}\n{details}"
        )
    return case


def _details(finding: Finding, report: FileReport) -> Iterator[str]:
    for location in finding.locations:
        code = report.lines.get(line_of(location), "").strip() if location.part is None else ""
        yield f"{_where(location, report)}: {location.role}: {location.message}".rstrip(": ")
        yield from [f"    {code}"] if code else []
    yield from (f"help: {line}" for line in finding.help)


def _where(location: Location, report: FileReport) -> str:
    """In a notebook with the line of the file, which the cell does not tell."""
    marked = region(location, report) if location.cell is not None else None
    return f"{where(location)} (line {marked.start.line} of the file)" if marked else where(location)


def _error(error: Diagnostic, report: FileReport) -> Element:
    case = _case("cannot be judged", report)
    at = error_position(error, report)
    cell = f" in cell {error.cell}" if error.cell is not None else ""
    _say(case, "error", "error", error.message, f"{error.path}{f':{at.line}:{at.column}' if at else ''}{cell}")
    return case


def _not_judged(entry: NotJudged, report: FileReport) -> Element:
    return _skipped(f"not judged {where(entry.location)}", f"{entry.what}: {entry.reason}", report)


def _skipped(name: str, reason: str, report: FileReport) -> Element:
    case = _case(name, report)
    SubElement(case, "skipped").text = _text(reason)
    return case


def _say(case: Element, kind: str, type_: str, message: str, details: str) -> None:
    SubElement(case, kind, type=type_, message=_text(message)).text = _text(details)


def _count(element: Element, **more: str) -> None:
    counted = {"tests": ".//testcase", "failures": ".//failure", "errors": ".//error", **more}
    for name, path in counted.items():
        element.set(name, str(len(element.findall(path))))


def _text(text: str) -> str:
    return NO_CHARACTER.sub("\ufffd", readable(text))
