"""Which repairs of each finding would stand, for reports and editors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mllint.examination import examine
from mllint.findings import Finding, Fix
from mllint.fixes.plan import applicability, is_fixable
from mllint.fixes.positions import located
from mllint.fixes.proof import Proof, prove
from mllint.fixes.refusal import Refused
from mllint.fixes.version import Version
from mllint.quoting import quoted
from mllint.results import FileReport
from mllint.settings import Settings
from mllint.source.parsing.parsed import parsed_quickly
from mllint.source.text.document import UnreadableSource


def report_with_fixes(source: bytes, path: str, settings: Settings) -> FileReport:
    """The report whose findings hold all repairs of all levels that were proven. Raises what reading raises.

    A file is read exactly where there is something to repair in it; where it cannot be, the findings stand alone.
    """
    seen = examine(path, source, settings, parsed_quickly)
    report = replace(seen.report, read=seen.asked)
    if not report.findings:
        return report
    try:
        version = Version.of(path, source, settings)
    except UnreadableSource:
        return report
    findings = tuple(replace(finding, fixes=tuple(fixes_of(finding, version))) for finding in version.findings)
    report = replace(version.examination.report, findings=findings, read=version.examination.asked)
    return quoted(report, version.document, source)


def fixes_of(finding: Finding, version: Version) -> Iterator[Fix]:
    """The finding's repairs that stand, best first."""
    if not is_fixable(finding.rule, version.settings):
        return
    cause = version.cause(finding)
    if cause is None:
        yield from finding.fixes
        return
    for repair in cause.problem.repairs:
        try:
            proof = prove(repair, finding, version)
        except Refused:
            continue
        yield fix_of(proof, finding, version)


def fix_of(proof: Proof, finding: Finding, version: Version) -> Fix:
    """A proven repair of a finding as reports and editors show it; `version` is the text before it."""
    edits = tuple(located(edit, version.document) for edit in proof.edits)
    return Fix(proof.repair.title, applicability(finding.rule, proof.repair, version.settings), edits)
