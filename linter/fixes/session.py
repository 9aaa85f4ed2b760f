"""Fixes one file: one repair at a time, each proven by reading the file again, until there is nothing more to do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from mllint.examination import examine
from mllint.findings import Finding, Location
from mllint.fixes import comments
from mllint.fixes.diff import of_documents
from mllint.fixes.offers import fix_of
from mllint.fixes.plan import Offer, Plan, Stop, applicability, is_fixable
from mllint.fixes.proof import Proof, prove
from mllint.fixes.refusal import Refused
from mllint.fixes.text import TextEdit, moved
from mllint.fixes.version import Version
from mllint.repairs import Applicability, Repair
from mllint.results import AppliedFix, FixReport, RefusedFix, Rewrite
from mllint.settings import Settings
from mllint.source.parsing.parsed import parsed_quickly

SPARE_ROUNDS: Final = 100
"""Repairs that may be carried out besides one for each finding of the file as it was."""


def fix(source: bytes, path: str, settings: Settings, plan: Plan) -> FixReport:
    """Raises what reading the file raises; it is read exactly where there is something to repair in it."""
    report = examine(path, source, settings, parsed_quickly).report
    if not report.findings:
        return FixReport(report)
    session = _Session(Version.of(path, source, settings), plan)
    session.run()
    after = session.version.source
    tried = frozenset(session.refused)
    left = tuple(session.left())
    refused = tuple(session.refusals(left, tried))
    return FixReport(
        replace(session.version.examination.report, findings=left),
        tuple(session.applied),
        refused,
        Rewrite(path, source, after) if after != source else None,
    )


class Attempt(NamedTuple):
    """A repair of one finding, by the finding's offset in the text, or its place in another file."""

    rule: str
    title: str
    start: int | Location


@dataclass
class _Session:
    version: Version
    plan: Plan
    applied: list[AppliedFix] = field(default_factory=list)
    refused: dict[Attempt, str] = field(default_factory=dict)
    """Attempts that failed, with the reason: they are not made again."""
    declined: set[Attempt] = field(default_factory=set)
    """What was offered and not chosen."""

    def run(self) -> None:
        most = SPARE_ROUNDS + len(self.version.findings)
        for _ in range(most):
            try:
                if not self._fixes_one():
                    return
            except Stop:
                return
        raise RuntimeError(f"fixing did not come to an end after {most} rounds")

    def left(self) -> Iterator[Finding]:
        """The findings that remain, with all repairs of them that stand."""
        for finding in self.version.findings:
            proofs = [proof for repair in self._repairs(finding) if (proof := self._proof(finding, repair)) is not None]
            yield replace(finding, fixes=tuple(fix_of(proof, finding, self.version) for proof in proofs))

    def refusals(self, left: Sequence[Finding], tried: Collection[Attempt]) -> Iterator[RefusedFix]:
        """What was tried in vain to fix the file, and why nothing stands for a finding that has no other way out.

        What several ways out of one finding fail for is said once.
        """
        for finding, shown in zip(self.version.findings, left, strict=True):
            said: set[str] = set()
            for repair in self._repairs(finding):
                attempt = self._attempt(finding, repair)
                reason = self.refused.get(attempt) if attempt in tried or not shown.fixes else None
                if reason is not None and reason not in said:
                    said.add(reason)
                    yield RefusedFix(finding.rule, finding.code, repair.title, finding.primary, reason)

    def _fixes_one(self) -> bool:
        """Whether a repair was carried out: the first in the order of the report that stands."""
        for finding in self.version.findings:
            proof = self._chosen(finding) if self.plan.choose else self._allowed(finding)
            if proof is not None:
                self._accept(finding, proof)
                return True
        return False

    def _allowed(self, finding: Finding) -> Proof | None:
        """The one way out of the problem that the plan allows, if it stands."""
        repairs = self._repairs(finding)
        if not repairs:
            return None
        levels = [self._level(finding, repair) for repair in repairs]
        if levels[0] not in self.plan.levels or levels.count(levels[0]) > 1 or "safe" in levels[1:]:
            return None
        return self._proof(finding, repairs[0])

    def _chosen(self, finding: Finding) -> Proof | None:
        """What is chosen out of all the ways that stand."""
        assert self.plan.choose is not None
        untried = [one for one in self._repairs(finding) if self._attempt(finding, one) not in self.declined]
        proofs = [proof for repair in untried if (proof := self._proof(finding, repair)) is not None]
        if not proofs:
            return None
        choice = self.plan.choose(finding, [self._offer(finding, proof) for proof in proofs])
        if choice is None:
            self.declined |= {self._attempt(finding, repair) for repair in untried}
        return next((proof for proof in proofs if proof.repair is choice), None)

    def _offer(self, finding: Finding, proof: Proof) -> Offer:
        diff = of_documents(self.version.document, proof.after.document)
        return Offer(proof.repair, self._level(finding, proof.repair), tuple(diff))

    def _proof(self, finding: Finding, repair: Repair) -> Proof | None:
        attempt = self._attempt(finding, repair)
        if attempt in self.refused:
            return None
        try:
            prove_it = prove if self.version.cause(finding) else comments.prove
            return prove_it(repair, finding, self.version)
        except Refused as refusal:
            self.refused[attempt] = refusal.reason
            return None

    def _accept(self, finding: Finding, proof: Proof) -> None:
        level = self._level(finding, proof.repair)
        self.applied.append(AppliedFix(finding.rule, finding.code, proof.repair.title, level, finding.primary))
        self.refused = {
            place: reason for one, reason in self.refused.items() for place in _after_edits(one, proof.edits)
        }
        self.declined = {place for one in self.declined for place in _after_edits(one, proof.edits)}
        self.version = proof.after

    def _repairs(self, finding: Finding) -> Sequence[Repair]:
        if not is_fixable(finding.rule, self.version.settings):
            return ()
        cause = self.version.cause(finding)
        return cause.problem.repairs if cause else comments.repairs(finding)

    def _level(self, finding: Finding, repair: Repair) -> Applicability:
        return applicability(finding.rule, repair, self.version.settings)

    def _attempt(self, finding: Finding, repair: Repair) -> Attempt:
        return Attempt(finding.rule, repair.title, self.version.start(finding))


def _after_edits(attempt: Attempt, edits: Sequence[TextEdit]) -> Iterator[Attempt]:
    """The attempt where its place lies now; nothing where the place itself was changed."""
    start = moved(attempt.start, edits) if isinstance(attempt.start, int) else attempt.start
    if start is not None:
        yield attempt._replace(start=start)
