"""Comments taken out that silence nothing: the fix comes with the finding, and the program stays what it is."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable

from mllint.findings import Finding
from mllint.fixes.contents import rewritten
from mllint.fixes.positions import unlocated
from mllint.fixes.proof import Proof
from mllint.fixes.refusal import Refused
from mllint.fixes.text import in_order
from mllint.fixes.version import Version
from mllint.repairs import Repair
from mllint.source.text.document import Document, UnreadableSource
from mllint.source.text.syntax import parse


def repairs(finding: Finding) -> tuple[Repair, ...]:
    """The fixes that the finding came with."""
    return tuple(Repair(fix.title, fix.applicability, ()) for fix in finding.fixes)


def prove(repair: Repair, finding: Finding, version: Version) -> Proof:
    """Makes the edits of the finding's fix of this title on a copy. Raises Refused where they do more than that."""
    fix = next(fix for fix in finding.fixes if fix.title == repair.title)
    edits = in_order(unlocated(edit, version.document) for edit in fix.edits)
    try:
        after = Version.of(version.path, rewritten(version.document, version.source, edits), version.settings)
    except UnreadableSource as error:
        raise Refused(f"the file could not be read any more: {error.message}") from error
    if not same_program(version.document, after.document):
        raise Refused("the program would not be the same")
    if said(after.findings) - said(version.findings):
        raise Refused("the comment silences something")
    return Proof(repair, edits, after)


def same_program(before: Document, after: Document) -> bool:
    """Whether two texts differ in comments and white space alone; False also where Python cannot parse them."""
    try:
        return ast.dump(parse(before.text)) == ast.dump(parse(after.text))
    except (SyntaxError, RecursionError):
        return False


def said(findings: Iterable[Finding]) -> Counter[tuple[str, str]]:
    """What findings say, wherever that is."""
    return Counter((finding.rule, finding.message) for finding in findings)
